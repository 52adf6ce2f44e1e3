"""The theory of Gilbert-Elliott channels, per packet.

``p`` and ``r`` are the chances of Good -> Bad and Bad -> Good after a packet, ``h`` and ``k`` the
loss in Bad and in Good. Sources: Gilbert, "Capacity of a burst-noise channel", 1960; Elliott,
"Estimates of error rates for codes on burst-noise channels", 1963.
"""

from __future__ import annotations

from math import nan

from attrs import frozen

from sim.network.specs import GilbertElliott


@frozen
class Theory:
    """What follows from a chain. Quantities that do not exist (no losses, say) are nan."""

    chain: GilbertElliott

    @property
    def loss(self) -> float:
        """The share of packets lost."""
        return self.chain.mean_loss

    @property
    def certain(self) -> bool:
        """Whether it cannot be otherwise: nothing is ever lost, or everything is."""
        chain = self.chain
        chances = {chain.h} if chain.r == 0 else {chain.k} if chain.p == 0 else {chain.h, chain.k}
        return chances in ({0.0}, {1.0})

    @property
    def memory(self) -> float:
        """By what the influence of a packet on a later one shrinks with each packet between."""
        return 1.0 - self.chain.p - self.chain.r

    @property
    def spread(self) -> float:
        """The covariance that two packets would have with no change of state between them."""
        bad, chain = self.chain.share_bad, self.chain
        return bad * (1.0 - bad) * (chain.h - chain.k) ** 2

    def covariance(self, lag: int) -> float:
        """Of the losses of two packets, ``lag`` (at least 1) apart."""
        return self.spread * self.memory**lag

    def correlation(self, lag: int) -> float:
        """The same in units of the variance."""
        variance = self.loss * (1.0 - self.loss)
        return self.covariance(lag) / variance if variance > 0 else nan

    @property
    def both(self) -> float:
        """How likely two neighbours are both lost."""
        return self.loss**2 + self.covariance(1)

    @property
    def neither(self) -> float:
        """How likely two neighbours both get through."""
        return (1.0 - self.loss) ** 2 + self.covariance(1)

    @property
    def burst(self) -> float:
        """The mean number of losses in a row; 1/(1 - (1-r)h) where nothing is lost in Good."""
        chain = self.chain
        if self.loss == 0:
            return nan
        if chain.k == 0:
            stays = (1.0 - chain.r) * chain.h
            return 1.0 / (1.0 - stays) if stays < 1 else nan
        ends = self.loss - self.both
        return self.loss / ends if ends > 0 else nan

    @property
    def gap(self) -> float:
        """The mean number of packets in a row that get through."""
        ends = self.loss - self.both
        return (1.0 - self.loss) / ends if ends > 0 else nan

    def variance(self, window: int) -> float:
        """Of the number of losses among so many packets in a row."""
        a, n, loss = self.memory, window, self.loss
        alone = n * loss * (1.0 - loss)
        if abs(1.0 - a) * n < 1e-4:  # the state hardly changes: n(n-1) pairs, with the next term
            pairs = n * (n - 1.0) * a * (1.0 - (1.0 - a) * (n - 2.0) / 3.0)
        else:
            pairs = 2.0 * a * (n / (1.0 - a) - (1.0 - a**n) / (1.0 - a) ** 2)
        return alone + self.spread * pairs


def fitted(one: float, after_one: float, middle: float) -> tuple[float, float, float]:
    """Gilbert's fit: (p, r, h) of a chain that loses nothing in Good.

    ``one`` is P(1), ``after_one`` is P(1|1), ``middle`` is P(111) / (P(101) + P(111)).
    """
    a, b, c = one, after_one, middle
    stays = (a * c - b * b) / (2 * a * c - b * (a + c))
    h = b / stays
    r = 1.0 - stays
    return a * r / (h - a), r, h
