"""What is told of shards that are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen

from sim.research.running.shards import Made, Shard
from sim.research.tables.digest import shown


@frozen
class Done:
    """What is told of a shard that is done."""

    shard: Shard
    digest: int
    failed: int
    breaches: dict[str, int]
    figures: dict[str, list[list[float]]] = field(repr=False)

    @classmethod
    def of(cls, made: Made, metrics: Iterable[str]) -> Done:
        """What is kept in short of a shard: of its figures those of these metrics."""
        figures = {name: [list(pair) for pair in made.figures[name]] for name in metrics}
        return cls(made.shard, made.digest, made.failed, dict(made.breaches), figures)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "point": self.shard.point,
            "first": self.shard.first,
            "count": self.shard.count,
            "digest": shown(self.digest),
            "failed": self.failed,
            "breaches": self.breaches,
            "figures": self.figures,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Done:
        """Read what :meth:`to_data` gave."""
        return cls(
            Shard(data["first"], data["point"], data["count"]),
            int(data["digest"], 16),
            data["failed"],
            data["breaches"],
            data["figures"],
        )


def tally(done: Sequence[Done]) -> dict[str, Any]:
    """What is there, in numbers and shard by shard."""
    breaches = Counter[str]()
    for each in done:
        breaches.update(each.breaches)
    return {
        "replications": max((d.shard.first + d.shard.count for d in done), default=0),
        "runs": sum(each.shard.count for each in done),
        "failed": sum(each.failed for each in done),
        "breaches": dict(sorted(breaches.items())),
        "shards": [
            {
                "point": each.shard.point,
                "first": each.shard.first,
                "count": each.shard.count,
                "digest": shown(each.digest),
            }
            for each in done
        ],
    }
