"""Takes the pictures of reports that the docs show: ``python -m tools.take_screenshots [NAME]``.

Each is a PNG of a shipped scenario, in at most 256 colours so that it is small. Needs a Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from attrs import frozen
from PIL import Image

from sim.report import report
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
            for shot in SHOTS:
                if names and shot.name not in names:
                    continue
                png = take(browser, shot, Path(folder))
                if len(png) > MOST_BYTES:
                    print(
                        f"{shot.name} has {len(png)} bytes, {MOST_BYTES} at most", file=sys.stderr
                    )
                    return 1
                (PICTURES / f"{shot.name}.png").write_bytes(png)
                print(f"{PICTURES.relative_to(ROOT)}/{shot.name}.png: {len(png)} bytes")
    except NoBrowserError as none:
        print(none, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
