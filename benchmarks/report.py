"""What the report of a run of 100,000 records costs in a browser, against a page without art.

Usage: python -m benchmarks.report   (from the root of the repository)
Exit code 1 when a bound is missed.

The other page has the same records as plain JSON, and draws a mark for each in every frame.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sim
from benchmarks.stories import three
from benchmarks.table import Row, print_table
from sim.report import Report, report
from tools.browser.chromium import Chromium, Page
from tools.browser.finding import NoBrowserError

SPAN = "4h20min"
OPENINGS = 3
FRAMES = {"report": 60, "naive": 10}

NAIVE = """<!doctype html><meta charset="utf-8"><title>naive</title>
<canvas width="1240" height="330"></canvas>
<script type="application/json">%s</script><script>
const { lanes, ended, rows } = JSON.parse(document.querySelector("script").textContent);
const context = document.querySelector("canvas").getContext("2d");
function show(from, to) {
  context.clearRect(0, 0, 1240, 330);
  for (const [time, lane, told] of rows) {
    const x = (1240 * (time - from)) / (to - from), y = (330 * (lane + 0.5)) / lanes;
    context.fillRect(x, y, 3, 8);
    context.fillText(told, x, y);
  }
}
show(0, ended);
window.naive = { show, ended };
</script>"""

USABLE = {"report": "report", "naive": "naive"}
SHOW = {
    "report": "(from, to) => report.store.set({ from, to })",
    "naive": "(from, to) => naive.show(from, to)",
}
ENDED = {"report": "report.doc.ended", "naive": "naive.ended"}

MOVE = """frames => new Promise(done => {
  const show = %s, ended = %s, times = [];
  let last = performance.now(), number = 0;
  const step = () => {
    const now = performance.now();
    times.push(now - last);
    last = now;
    if (number++ === frames) return done(times.slice(1));
    const share = Math.abs(1 - (2 * number) / frames) ** 3, span = ended * (0.001 + 0.999 * share);
    show((ended - span) * (number / frames), (ended - span) * (number / frames) + span);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
"""From all of the run to a thousandth of it and back, moving on: ms from frame to frame."""


def pages(folder: Path) -> dict[str, Path]:
    """Both pages of one run, in files."""
    trace = folder / "large.trace.jsonl"
    sim.run(three(SPAN), trace=trace, trace_level="all", keep=False)
    shown = report(trace)
    plain = folder / "naive.html"
    plain.write_text(NAIVE % naive_data(shown), encoding="utf-8")
    return {"report": shown.save(folder / "report.html"), "naive": plain}


def naive_data(shown: Report) -> str:
    """What the other page has."""
    timeline = shown.timeline
    rows = zip(timeline.records, timeline.lane_of, timeline.told, strict=True)
    data = {
        "lanes": len(timeline.lanes),
        "ended": timeline.ended,
        "rows": [[record.time, lane, told] for record, lane, told in rows],
    }
    return json.dumps(data).replace("<", "\\u003c")


def opened(browser: Chromium, name: str, file: Path) -> tuple[Page, float]:
    """A page that can be used and has drawn, and after how many seconds."""
    page = browser.page()
    page.open(file)
    page.until(f"window.{USABLE[name]} !== undefined")
    page.drawn()
    return page, page.ask("performance.now()") / 1000


def measured(browser: Chromium, files: dict[str, Path]) -> dict[str, dict[str, Any]]:
    """Of both pages: bytes, seconds until it is usable, ms of a frame. They take turns."""
    usable: dict[str, list[float]] = {name: [] for name in files}
    frames: dict[str, list[float]] = {name: [] for name in files}
    for _ in range(OPENINGS):
        for name, file in files.items():
            page, seconds = opened(browser, name, file)
            usable[name].append(seconds)
            frames[name] += page.ask(MOVE % (SHOW[name], ENDED[name]), FRAMES[name])
            page.close()
    return {
        name: {
            "bytes": file.stat().st_size,
            "usable": statistics.median(usable[name]),
            "frame": statistics.median(frames[name]),
            "slow": statistics.quantiles(frames[name], n=20)[-1],
        }
        for name, file in files.items()
    }


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, Chromium() as browser:
        both = measured(browser, pages(Path(folder)))
    ours, naive = both["report"], both["naive"]

    def row(what: str, key: str, scale: float, unit: str, bound: float) -> Row:
        said = f"{ours[key] * scale:.1f} {unit} : {naive[key] * scale:.1f} {unit}"
        return Row(what, said, f"{bound:g} {unit}", ours[key] * scale, bound)

    yield row("report of 100,000 records : naive page, size", "bytes", 1e-6, "MB", 2)
    yield row("the same, until it is usable", "usable", 1, "s", 2)
    yield row("the same, a frame while zooming and moving, median", "frame", 1, "ms", 50)
    yield row("the same, 19 of 20 frames", "slow", 1, "ms", 50)


def main() -> int:
    try:
        return print_table(rows())
    except NoBrowserError as none:
        print(none, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
