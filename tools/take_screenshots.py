"""Takes the pictures of reports that the docs show: ``python -m tools.take_screenshots [NAME]``.

Each is a PNG of a shipped scenario, or of a sweep over one, in at most 256 colours so that it is
small. Needs a Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

from attrs import evolve, frozen
from PIL import Image

from sim.overview import Overview, overview
from sim.report import report
from sim.research import Experiment, sweep
from tools.browser.chromium import Chromium
from tools.browser.finding import NoBrowserError

ROOT: Final = Path(__file__).parent.parent
PICTURES: Final = ROOT / "docs" / "pictures"
MOST_BYTES: Final = 150_000


@frozen
class Shot:
    """A picture: of which scenario, how large, and what is selected in it."""

    name: str
    scenario: str
    scheme: str
    size: tuple[int, int]
    selected: tuple[str, str]
    """The first record of that person and of that name."""
    is_near: bool = False
    """Whether only what is around it is in sight."""


SHOTS: Final = (
    Shot(
        "report-light",
        "scenarios/flaky.yaml",
        "light",
        (1280, 800),
        ("bob", "sessionDisconnected"),
        is_near=True,
    ),
    Shot(
        "report-dark",
        "scenarios/browser-crash-and-rejoin.yaml",
        "dark",
        (1280, 900),
        ("alice", "streamDestroyed"),
    ),
)


SWEPT: Final = "sweep-light"
"""The picture of a sweep."""


def take_sweep(browser: Chromium, folder: Path) -> bytes:
    """The picture of a sweep as a PNG."""
    experiment = Experiment(
        name="grace",
        about="How long a ghost lingers, by the platform's grace and Bob's network.",
        scenario=ROOT / "scenarios/flaky.yaml",
        design={
            "grid": {"platform.grace": ["15s", "45s"], "clients.bob.network": ["wifi", "cellular"]}
        },
        replications=20,
        metrics=("ghost-time", "time-to-recover", "kick-time", "reconnects-per-hour"),
    )
    results = sweep(experiment, folder / "results" / "grace", jobs=1)
    page = browser.page(1280, 560, color_scheme="light")
    shown = overview(results, 6)
    said = evolve(shown.sweep, again="python -m sim report results/grace")
    page.open(Overview(said).save(folder / "grace.html"))
    page.until("window.report !== undefined")
    page.drawn()
    taken = page.picture()
    page.close()
    return small(taken)


def take(browser: Chromium, shot: Shot, folder: Path) -> bytes:
    """The picture as a PNG."""
    shown = report(ROOT / shot.scenario, again=f"python -m sim run {shot.scenario}")
    page = browser.page(*shot.size, color_scheme=shot.scheme)
    page.open(shown.save(folder / f"{shot.name}.html"))
    page.until("window.report !== undefined")
    row = next(
        row
        for row, record in enumerate(shown.timeline.records)
        if (record.client, record.name) == shot.selected
    )
    page.ask("row => report.navigation.select(row)", row)
    if shot.is_near:
        page.ask("row => report.navigation.jump(report.doc.rows.time[row], row)", row)
    page.drawn()
    page.drawn()
    taken = page.picture()
    page.close()
    return small(taken)


def small(png: bytes) -> bytes:
    """The same picture in at most 256 colours."""
    written = BytesIO()
    image = Image.open(BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def main(names: Sequence[str]) -> int:
    """Take the pictures of these names, or all; the exit code."""
    PICTURES.mkdir(exist_ok=True)
    try:
        with Chromium() as browser, tempfile.TemporaryDirectory() as folder:
            takers = {shot.name: partial(take, browser, shot) for shot in SHOTS}
            takers[SWEPT] = partial(take_sweep, browser)
            for name, taken in takers.items():
                if names and name not in names:
                    continue
                png = taken(Path(folder))
                if len(png) > MOST_BYTES:
                    print(f"{name} has {len(png)} bytes, {MOST_BYTES} at most", file=sys.stderr)
                    return 1
                (PICTURES / f"{name}.png").write_bytes(png)
                print(f"{PICTURES.relative_to(ROOT)}/{name}.png: {len(png)} bytes")
    except NoBrowserError as none:
        print(none, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
