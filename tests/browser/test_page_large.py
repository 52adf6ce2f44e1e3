"""A run of 100,000 records: one file of at most 2 MB, with all of them in it.

How long it takes is measured by ``python -m benchmarks.report``, and not here.
"""

import pytest
from conftest import ready
from reported import report_of

import sim
from benchmarks.stories import three

RECORDS = 100_000
MOST_BYTES = 2_000_000


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Three people for some hours, with everything that any trace has."""
    trace = tmp_path_factory.mktemp("large") / "large.trace.jsonl"
    sim.run(three("4h20min"), trace=trace, trace_level="all", keep=False)
    return report_of(trace)


@pytest.mark.slow
@pytest.mark.unmeasured
def test_a_large_run_is_one_file_of_two_megabytes_with_everything(large, chromium):
    assert len(large.records) >= RECORDS
    assert large.file.stat().st_size <= MOST_BYTES
    page = ready(chromium.page(), large.file)
    assert page.ask("() => report.doc.rows.count") == len(large.records)
    numbered = [record.seq for record in large.records if record.seq]
    assert page.ask("() => report.doc.rows.seq.filter(seq => seq > 0).at(-1)") == numbered[-1]
    page.close()
