"""What a scenario may say about a network: frozen data, checked when made.

Times are microseconds. A set of parameters that cannot be is refused with a ``ValueError`` of one
sentence that gives the reason.
"""

from __future__ import annotations

from typing import Any, Final, Literal, Self

from attrs import Attribute, field, frozen

from sim.draws.distributions import Constant, Distribution
from sim.draws.validators import one_of, positive_duration, probability
from sim.protocol.units import MILLISECOND, SECOND, format_duration
from sim.wording import brief

Way = Literal["up", "down", "both"]
"""Up is from the person to the platform."""

Mode = Literal["blackhole", "refused"]
"""``blackhole``: packets vanish. ``refused``: so do they, and new connections are refused."""

WAYS: Final[tuple[Way, ...]] = ("up", "down", "both")
MODES: Final[tuple[Mode, ...]] = ("blackhole", "refused")


NO_DELAY: Final = Constant(0)


@frozen
class NoLoss:
    """Every packet gets through."""

    @property
    def mean_loss(self) -> float:
        """The share of packets lost in the long run."""
        return 0.0


@frozen
class Bernoulli:
    """Each packet is lost with probability ``p``, whatever happens to the others."""

    p: float = field(validator=probability)

    @property
    def mean_loss(self) -> float:
        """The share of packets lost in the long run."""
        return self.p


@frozen
class GilbertElliott:
    """Loss in bursts: a chain with the states Good and Bad that moves once per packet.

    ``p`` is the probability of Good -> Bad after a packet, ``r`` that of Bad -> Good; ``h`` is
    the loss in Bad and ``k`` that in Good. The first state is drawn from the stationary
    distribution. (tc-netem's command line takes 1-h and 1-k instead.)

    Sources: Gilbert, "Capacity of a burst-noise channel", 1960; Elliott, "Estimates of error
    rates for codes on burst-noise channels", 1963.
    """

    p: float = field(validator=probability)
    r: float = field(validator=probability)
    h: float = field(default=1.0, validator=probability)
    k: float = field(default=0.0, validator=probability)

    def __attrs_post_init__(self) -> None:
        if self.p == 0 and self.r == 0:
            raise ValueError(
                "GilbertElliott: p and r must not both be 0, or the chain never leaves the state "
                "it starts in and no share of time in Bad follows"
            )

    @property
    def share_bad(self) -> float:
        """The share of packets sent in the Bad state in the long run."""
        return self.p / (self.p + self.r)

    @property
    def mean_loss(self) -> float:
        """The share of packets lost in the long run."""
        return self.share_bad * self.h + (1.0 - self.share_bad) * self.k

    def in_time(self, spacing: int) -> GilbertElliottTime:
        """The same chain in continuous time, for packets that pass every ``spacing`` us.

        A link's bursts are moved by all of its traffic. Signalling alone, a packet every second or
        two, would stretch a burst of two packets over seconds.

        Raises ``ValueError`` if the chain never leaves one of its states.
        """
        if self.p == 0 or self.r == 0:
            raise ValueError("GilbertElliott: with p or r of 0 a state has no mean sojourn")
        return GilbertElliottTime(round(spacing / self.p), round(spacing / self.r), self.h, self.k)

    @classmethod
    def from_burst(cls, mean_burst: float, loss: float) -> Self:
        """Make the chain with h = 1 and k = 0 that has this mean burst (packets) and mean loss.

        r = 1/B and p = L·r/(1-L). Independent losses have B = 1/(1-L), so a smaller mean burst
        means that losses avoid each other. Raises ``ValueError`` if B < 1, if L is not in
        [0, 1), or if B < L/(1-L), where p would be more than 1.

        >>> GilbertElliott.from_burst(mean_burst=2, loss=0.2)
        GilbertElliott(p=0.125, r=0.5, h=1.0, k=0.0)
        """
        if not 0.0 <= loss < 1.0:
            raise ValueError(f"a mean loss must be at least 0 and less than 1, not {brief(loss)}")
        if not 1.0 <= mean_burst < float("inf"):
            raise ValueError(
                f"a mean burst must be a number of packets from 1 on, not {brief(mean_burst)}"
            )
        r = 1.0 / mean_burst
        p = loss * r / (1.0 - loss)
        if p > 1.0 + 1e-12:
            raise ValueError(
                f"a mean loss of {loss:g} needs a mean burst of at least {loss / (1.0 - loss):g} "
                f"packets, not {mean_burst:g}: bursts are at least one packet apart"
            )
        return cls(min(p, 1.0), r)


def _sojourn(owner: object, attribute: Attribute[int], length: int) -> None:
    positive_duration(owner, attribute, length)
    if length < MILLISECOND:
        raise ValueError(
            f"GilbertElliottTime: {attribute.name} must be at least 1ms, not {length}us: shorter "
            "bursts than that are independent losses to any app"
        )


@frozen
class GilbertElliottTime:
    """Loss in bursts, in continuous time: Good and Bad last exponential times.

    ``good`` and ``bad`` are the mean sojourns in microseconds, ``h`` is the loss in Bad and ``k``
    that in Good. The first state is drawn from the stationary distribution. Bursts last as long
    however many packets are sent, which suits the sparse traffic of signalling.
    """

    good: int = field(validator=_sojourn)
    bad: int = field(validator=_sojourn)
    h: float = field(default=1.0, validator=probability)
    k: float = field(default=0.0, validator=probability)

    @property
    def share_bad(self) -> float:
        """The share of time in the Bad state in the long run."""
        return self.bad / (self.good + self.bad)

    @property
    def mean_loss(self) -> float:
        """The share of packets lost in the long run, if they are sent without regard to loss."""
        return self.share_bad * self.h + (1.0 - self.share_bad) * self.k


Loss = NoLoss | Bernoulli | GilbertElliott | GilbertElliottTime


@frozen
class DirectionSpec:
    """One way through a link: which packets are lost, how long the others take.

    ``duplication`` is the probability that a datagram arrives twice; it means nothing to streams.
    """

    loss: Loss = NoLoss()
    delay: Distribution = NO_DELAY
    duplication: float = field(default=0.0, validator=probability)


@frozen
class Outages:
    """Link failures by chance: times in service, of distribution ``up``, and outages, of ``down``.

    An alternating renewal process that begins in service at time 0; the share of time in service
    tends to E[up] / (E[up] + E[down]).
    """

    up: Distribution
    down: Distribution
    direction: Way = field(default="both", validator=one_of(WAYS))
    mode: Mode = field(default="blackhole", validator=one_of(MODES))


@frozen
class Transport:
    """How TCP behaves where an app can notice.

    ``rto`` is the first retransmission timeout; it doubles with every retransmission, up to
    ``rto_max``. RFC 6298: 1 s before a round trip was measured (2.1) and never less than that
    afterwards (2.4), doubling (5.5), a maximum of at least 60 s (2.5). SYNs are retransmitted in
    the same way, after 1, 2, 4 s ... Where a round trip takes more than a third of a second,
    2.2 gives a longer timeout than 1 s; ``rto`` is not derived from the delay, so set it.

    ``round_trips`` is what opening a WebSocket takes: TCP (1), TLS 1.3 (1, RFC 8446) and the
    HTTP upgrade (1, RFC 6455). ``retries`` is how often one packet is sent again before TCP gives
    the connection up (Linux, ``tcp_retries2``).
    """

    rto: int = field(default=SECOND, validator=positive_duration)
    rto_max: int = field(default=60 * SECOND, validator=positive_duration)
    round_trips: int = field(default=3, validator=one_of(range(1, 11)))
    retries: int = 15

    def __attrs_post_init__(self) -> None:
        if self.rto_max < self.rto:
            raise ValueError(
                f"Transport: rto_max ({format_duration(self.rto_max)}) must not be less than rto "
                f"({format_duration(self.rto)})"
            )


@frozen
class LinkSpec:
    """Somebody's way to the platform and back."""

    up: DirectionSpec = DirectionSpec()
    down: DirectionSpec = DirectionSpec()
    outages: Outages | None = None
    transport: Transport = Transport()
    written: Any = field(default=None, init=False, eq=False, repr=False)
    """How its scenario says it, in plain data: the same link may be said in several ways."""

    @classmethod
    def symmetric(
        cls,
        loss: Loss,
        delay: Distribution,
        outages: Outages | None = None,
        transport: Transport | None = None,
    ) -> Self:
        """Make a link with the same loss and delay both ways (drawn separately)."""
        direction = DirectionSpec(loss, delay)
        return cls(direction, direction, outages, transport or Transport())
