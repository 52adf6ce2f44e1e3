"""The people of a story: who they are, when they come and go, and what their app does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen

from sim.draws.distributions import Constant, Distribution
from sim.network.specs import LinkSpec
from sim.protocol.roles import ROLES
from sim.scenario.links import NETWORK
from sim.scenario.policies import POLICIES, Policies
from sim.scenario.problems import Complaint, refuse
from sim.scenario.quantities import DURATION, FLAG, POSITIVE_DURATION, RATE, number, whole_number
from sim.scenario.reactions import REACTIONS, Reaction, misplaced
from sim.scenario.shapes import Choice, Word, choice
from sim.scenario.showing import shown
from sim.scenario.spreads import CONSTANT, SPREAD, VARYING, Spread, spread_or
from sim.scenario.tables import Key, Table, given, key, said, spoken, table

MOST_MEMBERS: Final = 10_000
"""The largest group, and the most people in a scenario."""

# -- coming ----------------------------------------------------------------------------------------


@frozen
class Poisson:
    """Arrivals one after the other, at exponential times that are ``gap`` us on average."""

    gap: int


def _poisson_alone(draft: Any) -> Iterator[Complaint]:
    if "poisson" in draft.given and "minimum" in draft.given:
        yield Complaint(("minimum",), "'minimum' does not belong to 'poisson'")


_ARRIVALS: Final = Table(
    "arrivals",
    "a distribution such as {uniform: {from: 0s, to: 1min}}, or {poisson: 1/min}",
    VARYING.keys | {"poisson": Key(RATE, "So many people come in so long.", "", "poisson")},
    (*VARYING.kind, Poisson),  # type: ignore[misc]
    lambda **said: Poisson(said["poisson"]) if "poisson" in said else VARYING.make(**said),
    lambda value: {"poisson": value.gap} if isinstance(value, Poisson) else VARYING.unmake(value),
    (*VARYING.one_of, "poisson"),
    _poisson_alone,
)
ARRIVE: Final = Spread(f"a duration such as 2min, {_ARRIVALS.says}", CONSTANT, _ARRIVALS)

STAY: Final = spread_or("forever", None, "Until the end of the story, or until sent away.")

# -- coming back -----------------------------------------------------------------------------------

_JITTER: Final = choice(
    "a jitter",
    {
        "none": "Each pause is as long as that.",
        "full": "Each pause is anything from nothing to that, equally likely, drawn anew.",
    },
)


@frozen(kw_only=True, field_transformer=spoken)
class Backoff:
    """Pauses that grow: ``first``, then ``factor`` times the one before, up to ``max``.

    With ``jitter="full"`` these are the longest that the pauses may be, so that people who were
    lost at the same moment do not come back at the same moment. Source of the name: Brooker,
    "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    __repr__ = shown

    first: int = field(converter=said, metadata=key(POSITIVE_DURATION, "The first pause."))
    factor: float = field(
        default=2.0,
        converter=said,
        metadata=key(number(1, 100), "Each pause is so many times the one before."),
    )
    max: int = field(converter=said, metadata=key(POSITIVE_DURATION, "The longest pause."))
    jitter: str = field(
        default="none", metadata=key(_JITTER, "Whether chance makes the pauses shorter.")
    )

    def __attrs_post_init__(self) -> None:
        refuse(_shrinking(self))


def _shrinking(draft: Any) -> Iterator[Complaint]:
    first, longest = draft.first, draft.max
    if isinstance(first, int) and isinstance(longest, int) and longest < first:
        yield Complaint(("max",), "the longest pause must not be shorter than the first")


BACKOFF: Final = table(
    Backoff, "backoff", "a mapping such as {first: 1s, factor: 2, max: 30s}", checks=_shrinking
)


@frozen(kw_only=True, field_transformer=spoken)
class Rejoin:
    """How a person comes back who is gone but has neither left nor been removed.

    That is after a lost session, a failed attempt to connect, a crash or a tab closed by script;
    not after a stay is over, a disconnect or a forceDisconnect. One of the two is given: a pause
    that is drawn anew each time, or pauses that grow.
    """

    __repr__ = shown

    after: Distribution | None = field(
        default=None, converter=said, metadata=key(SPREAD, "The pause before coming back.")
    )
    backoff: Backoff | None = field(
        default=None, converter=said, metadata=key(BACKOFF, "Pauses that grow each time.")
    )

    def __attrs_post_init__(self) -> None:
        if len(given(self)) != 1:
            refuse([Complaint((), "expected one of after and backoff")])


_REJOIN: Final = table(
    Rejoin, "rejoin", "a mapping such as {after: 3s}", one_of=("after", "backoff")
)
REJOIN_OR_NEVER: Final = Choice("", (Word("never", None, "Gone is gone."),), _REJOIN)

# -- people ----------------------------------------------------------------------------------------

_ROLE: Final = choice(
    "a role", {role: f"May {', '.join(capabilities)}." for role, capabilities in ROLES.items()}
)
_PUBLISH: Final = Choice(
    "a thing to publish",
    (
        Word(False, None, "Nothing."),
        Word(True, "camera", "The camera."),
        Word("camera", "camera", "The camera and the microphone."),
        Word("screen", "screen", "The screen."),
    ),
)
_SUBSCRIBE: Final = choice(
    "a way to subscribe",
    {"everyone": "To every stream that appears.", "nobody": "To none, unless by script."},
)
_LEAVE: Final = choice(
    "a way to leave",
    {"disconnect": "By session.disconnect().", "close-browser": "By closing the page."},
)


@frozen(kw_only=True, field_transformer=spoken)
class Person:
    """A person with a browser, or a group of people who are alike.

    Wherever a file would say a duration, a distribution, a network or a mapping, code may say the
    same: ``Person(stay="4min", network={"preset": "wifi"})``. Raises ``ValueError`` with one
    sentence for each thing that is wrong.
    """

    __repr__ = shown

    role: str = field(default="publisher", metadata=key(_ROLE, "What the person's token allows."))
    network: str | LinkSpec = field(
        default="fibre",
        converter=said,
        metadata=key(NETWORK, "Of `networks`, a preset's name, or a network of one's own."),
    )
    publish: str | None = field(
        default=None,
        converter=said,
        metadata=key(_PUBLISH, "What the app publishes as soon as it is connected."),
    )
    subscribe: str = field(
        default="everyone", metadata=key(_SUBSCRIBE, "Whom the app subscribes to by itself.")
    )
    count: int = field(
        default=1,
        metadata=key(
            whole_number(1, MOST_MEMBERS),
            "How many they are. From 2 on this is a group: guests-1, guests-2, ...",
        ),
    )
    since: int = field(
        default=0,
        converter=said,
        metadata=key(
            DURATION,
            "When the person comes into the story: all that follows counts from then.",
            "from",
        ),
    )
    arrive: Distribution | Poisson = field(
        default=Constant(0),
        converter=said,
        metadata=key(ARRIVE, "When the page is opened; drawn for each member of a group."),
    )
    connect: bool = field(
        default=True, metadata=key(FLAG, "Whether the app connects by itself on arrival.")
    )
    stay: Distribution | None = field(
        default=None,
        converter=said,
        metadata=key(STAY, "How long the person stays once connected."),
    )
    leave: str = field(
        default="disconnect", metadata=key(_LEAVE, "How the person leaves when the stay is over.")
    )
    rejoin: Rejoin | None = field(
        default=None,
        converter=said,
        metadata=key(REJOIN_OR_NEVER, "How the person comes back after a lost session or a crash."),
    )
    on: dict[str, Reaction] = field(
        factory=dict,
        converter=said,
        metadata=key(REACTIONS, "What the app does when it is told of an event."),
    )
    policy: Policies = field(
        default=Policies(),
        converter=said,
        metadata=key(POLICIES, "What a moderator does without a script."),
    )
    connection_events_suppressed: bool = field(
        default=False, metadata=key(FLAG, "The SDK's option connectionEventsSuppressed.")
    )

    def __attrs_post_init__(self) -> None:
        refuse(_complaints(self))


def _complaints(draft: Any) -> Iterator[Complaint]:
    for path, sentence in misplaced(draft.on):
        yield Complaint(("on", *path), sentence)
    if "policy" in given(draft) and draft.role in ROLES and draft.role != "moderator":
        sentence = f"a policy is for moderators, and the role here is {draft.role}"
        yield Complaint(("policy",), sentence)


PERSON: Final = table(
    Person,
    "person",
    "a mapping such as {role: publisher, publish: camera}, or {} for all defaults",
    checks=_complaints,
)
