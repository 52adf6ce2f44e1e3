"""Random small stories in which much goes wrong at once, and short ways to write small ones.

``tests/strategies.py`` has calmer stories for everybody; these are for the world itself: every
fault, reaction, policy and choice of the platform, at times that are multiples of 100 ms, so that
much happens at the same instant. Whatever is drawn is a scenario that a person could have written,
and none of it is there to break a law. Structure is drawn piece by piece, so that a failure
shrinks to few pieces.
"""

from attrs import evolve
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Exponential, Lognormal, Uniform
from sim.network.specs import (
    Bernoulli,
    DirectionSpec,
    GilbertElliott,
    GilbertElliottTime,
    LinkSpec,
    NoLoss,
    Outages,
)
from sim.protocol.units import HOUR, MILLISECOND, SECOND, parse_duration
from sim.scenario import (
    Backoff,
    Person,
    Platform,
    Poisson,
    Policies,
    Reaction,
    Rejoin,
    RemoveAtRandom,
    RemoveDuringReconnection,
    RemoveReconnecting,
    Scenario,
    Step,
)

NAMES = ("alice", "bob", "carol", "dave")
GROUP = "guests"
TENTH = 100 * MILLISECOND


def tenths(least, most):
    """A duration in whole tenths of a second; ``least`` and ``most`` are in seconds."""
    return st.integers(round(least * 10), round(most * 10)).map(lambda n: n * TENTH)


def spreads(least, most):
    """A distribution around such durations."""
    return st.one_of(
        tenths(least, most).map(Constant),
        tenths(max(least, 0.1), most).map(Exponential),
        st.tuples(tenths(max(least, 0.1), most), st.sampled_from((0.3, 1.0))).map(
            lambda pair: Lognormal(*pair)
        ),
        tenths(least, most).map(lambda high: Uniform(0, high + TENTH)),
    )


# -- networks --------------------------------------------------------------------------------------

DELAYS = st.sampled_from(
    (
        Constant(MILLISECOND),
        Constant(0),
        Uniform(5 * MILLISECOND, 80 * MILLISECOND),
        Lognormal(40 * MILLISECOND, 0.5),
        Constant(300 * MILLISECOND),
    )
)
LOSSES = st.sampled_from(
    (
        NoLoss(),
        Bernoulli(0.02),
        Bernoulli(0.2),
        GilbertElliott(0.02, 0.4),
        GilbertElliott(0.05, 0.3, h=0.7, k=0.02),
        GilbertElliottTime(20 * SECOND, 2 * SECOND),
        GilbertElliottTime(8 * SECOND, SECOND, h=0.8, k=0.05),
    )
)
WAYS = st.sampled_from(("both", "up", "down"))
MODES = st.sampled_from(("blackhole", "refused"))
OUTAGES = st.builds(Outages, spreads(5, 60), spreads(0.1, 50), WAYS, MODES)


@st.composite
def links(draw):
    """A link with loss, delay and outages of its own."""
    up = DirectionSpec(draw(LOSSES), draw(DELAYS))
    down = DirectionSpec(draw(LOSSES), draw(DELAYS))
    return LinkSpec(up, down, draw(st.none() | OUTAGES))


NETWORKS = st.sampled_from(("fibre", "wifi", "wifi-lossy", "cellular", "satellite")) | links()

# -- people ----------------------------------------------------------------------------------------

SESSION_EVENTS = (
    "sessionConnected",
    "sessionReconnecting",
    "sessionReconnected",
    "sessionDisconnected",
    "streamCreated",
    "streamDestroyed",
    "connectionCreated",
    "connectionDestroyed",
    "muteForced",
)
PUBLISHER_EVENTS = ("publisher.streamCreated", "publisher.streamDestroyed", "publisher.destroyed")
PREVENTABLE = ("sessionDisconnected", "streamDestroyed", "publisher.streamDestroyed")
REJOINS = st.one_of(
    spreads(0, 10).map(lambda after: Rejoin(after=after)),
    st.builds(
        Backoff, first=tenths(0.1, 3), max=tenths(3, 20), jitter=st.sampled_from(("none", "full"))
    ).map(lambda backoff: Rejoin(backoff=backoff)),
)


@st.composite
def policies(draw):
    """Up to three ways of a moderator to remove people."""
    return Policies(
        remove_reconnecting=draw(
            st.none() | tenths(0, 30).map(lambda after: RemoveReconnecting(after=after))
        ),
        remove_at_random=draw(
            st.none() | spreads(5, 40).map(lambda every: RemoveAtRandom(every=every))
        ),
        remove_during_reconnection=draw(
            st.none()
            | st.tuples(st.sampled_from((0.5, 1.0)), spreads(0, 20)).map(
                lambda pair: RemoveDuringReconnection(probability=pair[0], after=pair[1])
            )
        ),
    )


@st.composite
def reactions(draw, others):
    """What an app does in its listeners."""
    chosen = {}
    for name in draw(st.lists(st.sampled_from(PREVENTABLE), max_size=2, unique=True)):
        after = None
        if not name.startswith("publisher."):
            after = draw(st.none() | tenths(0, 8))
        chosen[name] = Reaction(prevent_default=True, clean_up_after=after)
    heard = (*SESSION_EVENTS, *PUBLISHER_EVENTS)
    for name in draw(st.lists(st.sampled_from(heard), max_size=3, unique=True)):
        kept = chosen.get(name, Reaction())
        chosen[name] = evolve(kept, **draw(deeds(others, in_listener=True)))
    return chosen


@st.composite
def people(draw, others):
    """One person: role, network, habits and reactions."""
    role = draw(st.sampled_from(("publisher", "moderator", "subscriber", "publisheronly")))
    return Person(
        role=role,
        network=draw(NETWORKS),
        publish=draw(st.sampled_from((None, "camera"))),
        subscribe=draw(st.sampled_from(("everyone", "nobody"))),
        arrive=draw(st.just(Constant(0)) | spreads(0, 20)),
        connect=draw(st.sampled_from((True, True, True, False))),
        stay=draw(st.none() | spreads(1, 60)),
        leave=draw(st.sampled_from(("disconnect", "close-browser"))),
        rejoin=draw(st.none() | REJOINS),
        on=draw(reactions(others)),
        policy=draw(policies()) if role == "moderator" else Policies(),
        connection_events_suppressed=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def groups(draw):
    """Several people who are alike."""
    return Person(
        role=draw(st.sampled_from(("subscriber", "publisher"))),
        network=draw(NETWORKS),
        publish=draw(st.sampled_from((None, "camera"))),
        count=draw(st.integers(2, 3)),
        arrive=draw(tenths(1, 20).map(Poisson) | spreads(0, 20)),
        stay=draw(st.none() | spreads(1, 40)),
        rejoin=draw(st.none() | REJOINS),
    )


# -- what happens ----------------------------------------------------------------------------------

PLAIN = (
    "disconnect",
    "publish",
    "unpublish",
    "destroy",
    "close-browser",
    "crash",
    "force-mute-all",
    "disable-force-mute",
    "mute-audio",
    "unmute-audio",
    "mute-video",
    "unmute-video",
)
ABOUT_SOMEBODY = (
    "subscribe",
    "unsubscribe",
    "force-disconnect",
    "force-unpublish",
    "force-mute-stream",
)


@st.composite
def signals(draw, others):
    """The further keys of a signal."""
    given = {"do": "signal", "type": draw(st.sampled_from(("chat", "ping")))}
    if draw(st.booleans()):
        given["data"] = "hello"
    if draw(st.booleans()):
        given["to"] = draw(st.sampled_from(others))
    if draw(st.booleans()):
        given["retry_after_reconnect"] = draw(st.booleans())
    return given


@st.composite
def deeds(draw, others, in_listener=False):
    """What an app does: the arguments of a step or a reaction.

    A listener that connects, or answers a signal with a signal, may go on for ever in no time:
    those are left out.
    """
    words = PLAIN if in_listener else ("connect", *PLAIN)
    return draw(
        st.one_of(
            st.sampled_from(words).map(lambda word: {"do": word}),
            st.tuples(st.sampled_from(ABOUT_SOMEBODY), st.sampled_from(others)).map(
                lambda pair: {"do": pair[0], "target": pair[1]}
            ),
            signals(others),
        )
    )


@st.composite
def faults(draw):
    """What happens to a link."""
    word = draw(st.sampled_from(("down", "down", "up", "reset", "change")))
    if word == "down":
        lasting = draw(st.none() | tenths(0, 60))
        return {"network": word, "lasting": lasting, "direction": draw(WAYS), "mode": draw(MODES)}
    if word == "change":
        return {"network": word, "to": draw(st.sampled_from((None, "fibre", "wifi")))}
    return {"network": word}


@st.composite
def platform_steps(draw):
    """What the platform does."""
    word = draw(
        st.sampled_from(("close-socket", "rotate", "expire-grace", "force-disconnect", "signal"))
    )
    given = {"platform": word}
    if word == "close-socket":
        given["code"] = draw(st.sampled_from((1000, 1001, 1003, 1006, 1011, 4001)))
    if word == "rotate":
        given["migrate"] = draw(st.booleans())
    if word == "signal":
        given |= {"type": "news", "data": "hello"}
    return given


@st.composite
def steps(draw, clients, others, duration):
    """One line of the script."""
    what = draw(st.one_of(deeds(others), faults(), platform_steps()))
    moment = draw(tenths(0, duration // SECOND))
    return Step(at=moment, client=draw(st.sampled_from(clients)), **what)


@st.composite
def platforms(draw):
    """The platform's choices."""
    return Platform(
        leave_order=draw(st.sampled_from(("stream-first", "connection-first"))),
        unpublish_echo=draw(st.booleans()),
        force_ack=draw(st.sampled_from(("ack-first", "ack-last"))),
        tell_victim_of_own_stream=draw(st.booleans()),
        close_victims_socket=draw(st.booleans()),
        signal_ack=draw(st.sampled_from(("ack-first", "ack-last"))),
        signal_echo=draw(st.booleans()),
        subscriber_may_signal=draw(st.booleans()),
        reconnection=draw(st.sampled_from((True, True, True, False))),
        detection=draw(st.sampled_from((10 * SECOND, 3 * SECOND, 25 * SECOND))),
        grace=draw(st.sampled_from((45 * SECOND, 0, 5 * SECOND, 20 * SECOND))),
        speaks_first_on_reconnect=draw(st.booleans()),
        when_gone=draw(st.sampled_from(("tell", "close"))),
        connection_limit=draw(st.sampled_from((None, None, 2))),
        stream_limit=draw(st.sampled_from((None, None, 1))),
        subscription_limit=draw(st.sampled_from((None, None, 1))),
        media_idle=draw(st.sampled_from((4 * HOUR, None, 20 * SECOND))),
        mute_on_entry=draw(st.booleans()),
        mute_all_reaches_streams=draw(st.booleans()),
        peer_to_peer=draw(st.booleans()),
    )


@st.composite
def stories(draw, most=3):
    """A whole scenario of up to ``most`` people and perhaps a group, half a minute to two long."""
    names = NAMES[: draw(st.integers(1, most))]
    clients = {name: draw(people(names)) for name in names}
    if draw(st.sampled_from((False, False, False, True))):
        clients[GROUP] = draw(groups())
    duration = draw(st.sampled_from((30 * SECOND, 60 * SECOND, 120 * SECOND)))
    return Scenario(
        name="drawn",
        seed=draw(st.integers(0, 20)),
        duration=duration,
        platform=draw(platforms()),
        clients=clients,
        script=draw(st.lists(steps(tuple(clients), names, duration), max_size=6)),
    )


# -- by hand ---------------------------------------------------------------------------------------


def told(duration, clients, *script, **more):
    """A scenario in few words: ``told("1min", {"bob": {}}, ("10s", "bob", {"network": "down"}))``.

    People are keyword arguments of ``Person``, steps are a time, a name and the rest.
    """
    return Scenario(
        name="told",
        duration=duration,
        clients={name: Person(**given) for name, given in clients.items()},
        script=[Step(at=at, client=client, **given) for at, client, given in script],
        **more,
    )


def found(result, **wanted):
    """The records of a run by their fields and data, such as ``client="bob", name="signal"``."""

    def fits(record):
        return all(
            getattr(record, key) == value
            if key in record._fields
            else key in record.data and record.data[key] == value
            for key, value in wanted.items()
        )

    return [record for record in result.records if fits(record)]


def seen(result, client, object=None):
    """What the client's app was told, in order: ``name`` or ``name(reason)``."""
    return [
        name if reason is None else f"{name}({reason})"
        for _, about, name, reason in result.clients[client].events
        if object in (None, about)
    ]


def times(records):
    """When the records were written, in microseconds."""
    return [record.time for record in records]


def at(text):
    """``"1min 2s"`` in microseconds."""
    return parse_duration(text)
