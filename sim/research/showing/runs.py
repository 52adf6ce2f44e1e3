"""One run: who was in the session when, as their apps were told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sim.protocol.units import SECOND
from sim.research.showing.axes import COLOURS, FAINT, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.result import ClientResult, Result

BECOMES: Final = {
    "sessionConnected": "connected",
    "sessionReconnecting": "reconnecting",
    "sessionReconnected": "connected",
    "sessionDisconnected": "",
}
"""What somebody is after their app was told this; "" is not in the session."""
LOOKS: Final = {"connected": COLOURS[0], "reconnecting": COLOURS[4]}
MOST: Final = 60
"""So many people have a row."""

Stretch = tuple[float, float, str]
"""From when to when, in seconds, and what somebody was then."""


def stretches(client: ClientResult, ended: int) -> Iterator[Stretch]:
    """What somebody was, one after the other, until the run ended (us)."""
    since, state = 0, ""
    for time, _, event, _ in client.events:
        if event in BECOMES:
            if state:
                yield since / SECOND, time / SECOND, state
            since, state = time, BECOMES[event]
    if state:
        yield since / SECOND, ended / SECOND, state


def plot(result: Result, on: Axes | None) -> Axes:
    """A row for each of the first people in the scenario: when they were connected."""
    people = list(result.clients.values())[:MOST]
    place = axes(on, 1.2 + 0.28 * len(people))
    for row, client in enumerate(people):
        for since, until, state in stretches(client, result.ended):
            place.broken_barh(
                [(since, until - since)], (row - 0.36, 0.72), color=LOOKS[state], label=state
            )
    handles, labels = place.get_legend_handles_labels()
    shown = dict(zip(labels, handles, strict=True))
    place.set_yticks(range(len(people)), [client.name for client in people], fontsize=8)
    place.set_ylim(len(people) - 0.5, -0.5)
    place.set_xlim(0, result.ended / SECOND)
    place.grid(visible=False, axis="y")
    place.set_xlabel("time [s]")
    place.set_ylabel("person")
    more = len(result.clients) - len(people)
    rest = f", {more} more people not shown" if more else ""
    verdict = "all held" if result.held else f"{len(result.broken)} broken"
    place.set_title(
        f"{result.scenario.name}, seed {result.seed}: {verdict}{rest}", fontsize=10, loc="left"
    )
    if shown:
        place.legend(
            shown.values(),
            shown.keys(),
            fontsize=8,
            frameon=False,
            ncols=2,
            loc="lower right",
            bbox_to_anchor=(1, 1),
        )
    place.tick_params(axis="y", color=FAINT)
    return place
