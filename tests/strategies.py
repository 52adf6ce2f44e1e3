"""Hypothesis strategies that several packages' tests share, on top of the product's own.

``sim.testing.strategies`` draws what people could have written and what can be run. ``scenarios``
here draws anything that the language of scenario files can say: texts that trip readers of YAML,
and parameters up to their limits. ``stories`` are the product's.
"""

from functools import cache

from attrs import evolve
from hypothesis import strategies as st

from sim.draws.distributions import Exponential, Lognormal, Pareto
from sim.network.presets import NETWORKS
from sim.network.specs import (
    MODES,
    WAYS,
    Bernoulli,
    DirectionSpec,
    GilbertElliott,
    GilbertElliottTime,
    LinkSpec,
    Outages,
    Transport,
)
from sim.protocol.quirks import PROFILES, QUIRKS, profile
from sim.protocol.roles import ROLES
from sim.protocol.timers import Timers
from sim.protocol.units import HOUR, LONGEST, MINUTE, SECOND
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
from sim.scenario.reactions import CLEANED_UP, PREVENTABLE
from sim.testing import strategies as ss

NAMES = ("alice", "bob", "carol", "dave", "guests", "Zoe_9")

# fmt: off
TRICKY = (
    "on", "No", "~", "null", "12:30", "1e3", "0o17", "0x1f", ".inf", "-", "- a", "a: b", "a #b",
    "&a", "*a", "!a", "%a", "@a", "`a", "{a}", "[a]", '"', "'", "#", "?", " a ", "a\n b", "", "\n",
    "\t", "a:", "2026-01-01", "<<", "=", "é", "😀", "\x85", "\u2028", "1_000", "+1", ",",
)
# fmt: on
"""Texts that some reader of YAML takes for something else."""

_PRINTABLE = st.characters(exclude_categories=("Cc", "Cn", "Cs"), exclude_characters="\ufeff")

# -- quantities ------------------------------------------------------------------------------------


durations = cache(ss.durations)


@cache
def probabilities():
    """From 0 to 1, both included, in any number of digits."""
    return ss.probabilities() | st.floats(0, 1)


@cache
def texts():
    """Any text that a file can hold, with everything that YAML is known to trip over."""
    return st.sampled_from(TRICKY) | st.text(_PRINTABLE, max_size=30)


# -- networks --------------------------------------------------------------------------------------


@cache
def distributions(most: int = LONGEST, least: int = 0):
    """Any distribution of durations, with shapes up to their limits."""
    more, lower = durations(max(least, 1), most), st.just(0) | durations(0, SECOND)
    return st.one_of(
        ss.distributions(least, most),
        st.builds(Exponential, more, lower),
        st.builds(Lognormal, more, st.floats(0.001, 10)),
        st.builds(Pareto, more, st.floats(0.1, 1000), lower),
    )


@cache
def losses():
    """Any loss model, total loss included."""
    sojourns = durations(1_000)
    return st.one_of(
        ss.losses(),
        st.builds(Bernoulli, probabilities()),
        st.builds(
            GilbertElliott, st.floats(0.001, 1), probabilities(), probabilities(), probabilities()
        ),
        st.builds(GilbertElliottTime, sojourns, sojourns, probabilities(), probabilities()),
    )


@cache
def links():
    """Any network."""
    directions = st.builds(DirectionSpec, losses(), distributions(), probabilities())
    outages = st.builds(
        Outages,
        distributions(least=1),
        distributions(),
        st.sampled_from(WAYS),
        st.sampled_from(MODES),
    )
    transports = st.tuples(durations(1), durations(1), st.integers(1, 10)).map(
        lambda drawn: Transport(min(drawn[:2]), max(drawn[:2]), drawn[2])
    )
    both = directions.map(lambda way: (way, way))
    presets = st.sampled_from([preset.link for preset in NETWORKS.values()])
    return (
        ss.links()
        | presets
        | st.builds(
            lambda ways, outages, transport: LinkSpec(*ways, outages, transport),
            both | st.tuples(directions, directions),
            st.none() | outages,
            st.just(Transport()) | transports,
        )
    )


# -- people ----------------------------------------------------------------------------------------


def _optional(**strategies):
    """Keyword arguments, each of which may be left out."""
    return st.fixed_dictionaries({}, optional=strategies)


@st.composite
def actions(draw, people):
    """The attributes of something that a person's app does."""
    single = st.sampled_from(people)
    word = draw(
        st.sampled_from(("connect", "disconnect", "publish", "unpublish", "signal", "unsubscribe",
                         "subscribe", "force-disconnect", "force-unpublish", "force-mute-stream",
                         "force-mute-all", "disable-force-mute", "mute-audio", "unmute-video"))
    )  # fmt: skip
    if word == "signal":
        further = _optional(
            type=texts(), data=texts(), to=single, retry_after_reconnect=st.booleans()
        )
        return {"do": word} | draw(further)
    if word.endswith("subscribe") or word in (
        "force-disconnect",
        "force-unpublish",
        "force-mute-stream",
    ):
        return {"do": word, "target": draw(single)}
    return {"do": word}


@st.composite
def reactions(draw, people):
    """What an app does on some events."""
    drawn = {}
    for event in draw(st.lists(st.sampled_from((*PREVENTABLE, "sessionConnected", "signal:chat")))):
        given = draw(st.just({}) | actions(people))
        if event in PREVENTABLE and draw(st.booleans()):
            given |= {"prevent_default": True}
            if event in CLEANED_UP:
                given |= draw(_optional(clean_up_after=durations(0, MINUTE)))
        drawn[event] = Reaction(**given)
    return drawn


@cache
def policies():
    """What a moderator does without a script, at any pace."""
    return ss.policies() | st.builds(
        Policies,
        remove_reconnecting=st.none() | st.builds(RemoveReconnecting, after=durations(0, MINUTE)),
        remove_at_random=st.none() | st.builds(RemoveAtRandom, every=distributions(least=SECOND)),
        remove_during_reconnection=st.none()
        | st.builds(
            RemoveDuringReconnection, probability=probabilities(), after=distributions(MINUTE)
        ),
    )


@cache
def rejoins():
    """Ways to come back, at any pace."""
    backoffs = st.builds(
        lambda first, factor, more, jitter: Backoff(
            first=first, factor=factor, max=first + more, jitter=jitter
        ),
        durations(1, HOUR),
        st.floats(1, 100),
        durations(0, HOUR),
        st.sampled_from(("none", "full")),
    )
    after = distributions(least=SECOND).map(lambda pause: Rejoin(after=pause))
    return st.none() | ss.rejoins() | after | backoffs.map(lambda backoff: Rejoin(backoff=backoff))


@st.composite
def persons(draw, networks, people):
    """Somebody on one of these networks, whose app may act on one of these people."""
    role = draw(st.sampled_from(sorted(ROLES)))
    given = draw(
        _optional(
            network=st.sampled_from((*networks, *NETWORKS)) | links(),
            publish=st.sampled_from((None, "camera", "screen")),
            subscribe=st.sampled_from(("everyone", "nobody")),
            arrive=distributions() | st.builds(Poisson, durations(1)),
            connect=st.booleans(),
            stay=st.none() | distributions(),
            leave=st.sampled_from(("disconnect", "close-browser")),
            rejoin=rejoins(),
            on=reactions(people),
            connection_events_suppressed=st.booleans(),
        )
    )
    if role == "moderator":
        given |= draw(_optional(policy=policies()))
    return Person(role=role, **given)


# -- scenarios -------------------------------------------------------------------------------------


@st.composite
def steps(draw, people, groups, networks, duration):
    """A step of the script."""
    given = draw(
        st.one_of(
            actions(people),
            st.sampled_from(({"do": "close-browser"}, {"do": "crash"})),
            _optional(
                lasting=durations(0, duration),
                direction=st.sampled_from(WAYS),
                mode=st.sampled_from(MODES),
            ).map(lambda further: {"network": "down"} | further),
            st.sampled_from(({"network": "up"}, {"network": "reset"}, {"network": "change"})),
            st.sampled_from((*networks, *NETWORKS)).map(lambda to: {"network": "change", "to": to}),
            st.integers(1000, 4999).map(lambda code: {"platform": "close-socket", "code": code}),
            st.sampled_from(
                ({"platform": "rotate"}, {"platform": "rotate", "migrate": True},
                 {"platform": "expire-grace"}, {"platform": "force-disconnect"})
            ),
            _optional(type=texts(), data=texts()).map(lambda said: {"platform": "signal"} | said),
        )
    )  # fmt: skip
    return Step(at=draw(durations(0, duration)), client=draw(st.sampled_from(groups)), **given)


@st.composite
def expectations(draw, people):
    """A sentence about these people."""
    who = draw(st.sampled_from((*people, "everyone", "somebody", "nobody")))
    other = draw(st.sampled_from(people))
    return draw(
        st.sampled_from(
            (
                f"{who} sees sessionReconnecting, then sessionReconnected within 30s",
                f"{who} never sees streamDestroyed(networkDisconnected) of {other}",
                f"{who} sees subscriber({other}).destroyed at least 2 times after 10s",
                f"{who} sees signal:chat(hello) of {other} between 1s and 1min",
                "eventually within 60s: everyone agrees who is here",
                f"at the end {who} is connected",
                f"at the end {who} has 2 subscribers",
                "law reconnect-first breaks",
            )
        )
    )


@st.composite
def scenarios(draw):
    """Anything that the language can say."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    networks = draw(st.dictionaries(st.sampled_from(("cafe", "train", "fibre")), links()))
    duration = draw(durations(1))
    people = {name: draw(persons(tuple(networks), names)) for name in names}
    if draw(st.booleans()):
        people["crowd"] = evolve(
            draw(persons(tuple(networks), names)), count=draw(st.integers(2, 5))
        )
    return Scenario(
        name=draw(
            st.sampled_from(("x", "A story 2.0", "on", "12"))
            | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}", fullmatch=True)
        ),
        about=draw(texts()),
        seed=draw(st.integers(0, 2**64 - 1)),
        duration=duration,
        profile=profile(
            draw(st.sampled_from(sorted(PROFILES))),
            draw(st.dictionaries(st.sampled_from(sorted(QUIRKS)), st.booleans())),
        ),
        platform=draw(platforms()),
        timers=draw(
            st.builds(Timers, **dict.fromkeys(("ping", "silence", "window"), durations(1, HOUR)))
        ),
        networks=networks,
        clients=people,
        script=draw(st.lists(steps(names, list(people), tuple(networks), duration), max_size=6)),
        expect=draw(st.lists(expectations(names), max_size=4)),
        laws=draw(st.sampled_from(("all", (), ("reconnect-first", "one-end")))),
    )


@cache
def platforms():
    """The platform's choices."""
    acks = st.sampled_from(("ack-first", "ack-last"))
    return st.builds(
        Platform,
        leave_order=st.sampled_from(("stream-first", "connection-first", "connection-only")),
        announce_after=st.just(0) | durations(0, MINUTE),
        unpublish_echo=st.booleans(),
        force_ack=acks,
        tell_victim_of_own_stream=st.booleans(),
        close_victims_socket=st.booleans(),
        victim_close_code=st.integers(1000, 4999),
        signal_ack=acks,
        signal_echo=st.booleans(),
        subscriber_may_signal=st.booleans(),
        publisheronly_may_signal=st.booleans(),
        peer_to_peer=st.booleans(),
        speaks_first_on_reconnect=st.booleans(),
        abandon_code=st.just(1006) | st.integers(1000, 4999),
        remember_gone=st.just(10 * MINUTE) | durations(0, 10 * MINUTE),
        stream_limit=st.none() | st.integers(0, 9),
        subscription_limit=st.none() | st.integers(0, 9),
        mute_on_entry=st.booleans(),
        mute_all_reaches_streams=st.booleans(),
        detection=durations(1, MINUTE),
        grace=durations(0, MINUTE),
        replay=st.booleans(),
        when_gone=st.sampled_from(("tell", "close")),
        reconnection=st.booleans(),
        connection_limit=st.none() | st.integers(0, 9),
        media_idle=st.none() | durations(0, HOUR),
    )


@cache
def stories():
    """Small scenarios that are quick to run: up to four people, up to nine steps."""
    return ss.scenarios()
