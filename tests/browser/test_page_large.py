"""A run of 100,000 records: one file of at most 2 MB, with all of them in it.

How long it takes is measured by ``python -m benchmarks.report``, and not here.
"""

import pytest
from conftest import ready

import sim
from benchmarks.stories import three
from sim.report import report

RECORDS = 100_000
MOST_BYTES = 2_000_000
PIXELS = 60
"""So many pixels of the picture, at least, for each stroke: it is not drawn by the record."""


STROKES = """() => {
  const strokes = ["fill", "stroke", "fillRect", "strokeRect", "fillText", "drawImage"];
  const { prototype } = CanvasRenderingContext2D;
  const kept = Object.fromEntries(strokes.map(name => [name, prototype[name]]));
  let count = 0;
  for (const name of strokes) {
    prototype[name] = function (...given) { count++; return kept[name].apply(this, given); };
  }
  report.picture.redraw();
  report.picture.draw();
  Object.assign(prototype, kept);
  return count;
}"""
"""How often a stroke is drawn for one frame in which everything is drawn."""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Three people for some hours, with everything that any trace has."""
    trace = tmp_path_factory.mktemp("large") / "large.trace.jsonl"
    sim.run(three("4h20min"), trace=trace, trace_level="all", keep=False)
    return report(trace)


@pytest.mark.slow
@pytest.mark.unmeasured
def test_a_large_run_is_one_file_with_everything_and_drawn_by_the_pixel(large, chromium, tmp_path):
    records = large.timeline.records
    file = large.save(tmp_path / "large.html")
    assert len(records) >= RECORDS
    assert file.stat().st_size <= MOST_BYTES
    page = ready(chromium.page(), file)
    assert page.ask("() => report.doc.rows.count") == len(records)
    numbered = [record.seq for record in records if record.seq]
    assert page.ask("() => report.doc.rows.seq.filter(seq => seq > 0).at(-1)") == numbered[-1]
    most = page.ask("() => report.picture.canvas.width * report.picture.canvas.height") / PIXELS
    for part in (1, 0.1, 0.001):
        page.ask("part => report.store.set({ from: 0, to: report.doc.ended * part })", part)
        assert 0 < page.ask(STROKES) <= most
    page.close()
