"""Models that were fitted to the same data, and which of them is taken."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import AttrsInstance, frozen

from sim.research.fitting.goodness import Goodness

Model = TypeVar("Model", bound=AttrsInstance)


@frozen
class Candidate(Generic[Model]):
    """A model with its number of estimated parameters, its log-likelihood and how well it fits.

    Where the likelihood has no bound (every value is the same), it is infinite.
    """

    name: str
    model: Model
    free: int
    log_likelihood: float
    goodness: Goodness | None = None

    @property
    def aic(self) -> float:
        """Akaike's criterion (1974): less is better."""
        return 2 * self.free - 2 * self.log_likelihood


@frozen
class Choice(Generic[Model]):
    """The candidates, the best by Akaike's criterion first."""

    candidates: tuple[Candidate[Model], ...]
    cases: int

    @classmethod
    def among(cls, candidates: list[Candidate[Model]], cases: int) -> Choice[Model]:
        """Put them in order; among equals the one with fewer parameters is first."""
        return cls(tuple(sorted(candidates, key=lambda each: (each.aic, each.free))), cases)

    @property
    def best(self) -> Candidate[Model]:
        """The one that is taken."""
        return self.candidates[0]

    @property
    def model(self) -> Model:
        """The model that is taken."""
        return self.best.model
