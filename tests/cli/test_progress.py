"""How far a run has come is shown to whoever waits at a terminal, and to nobody else."""

from __future__ import annotations

import io
import re
import sys

import pytest

import sim as product
from sim.cli import progress


class Terminal(io.StringIO):
    """Standard error of somebody who looks."""

    def isatty(self):
        return True


@pytest.fixture
def waited(monkeypatch):
    """Seconds that have passed, one value for each look at the clock."""

    def pass_(*seconds):
        clock = iter(seconds)
        monkeypatch.setattr(progress, "_waited", lambda: next(clock))

    return pass_


def test_who_waits_sees_the_virtual_time(monkeypatch, waited):
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    waited(0, 0.5, 1)
    with progress.shown(120_000_000) as tell:
        tell(30_000_000)
        assert seen.getvalue() == ""
        tell(60_000_000)
        tell(90_000_000)
    assert "simulated" in seen.getvalue()
    assert "1:00.000" in seen.getvalue()
    assert "1:30.000" in seen.getvalue()
    assert "0:30.000" not in seen.getvalue()


@pytest.mark.parametrize(("columns", "most"), [(80, 50), (80, 2**64 - 1), (60, 50)])
def test_what_is_shown_stays_in_one_line(monkeypatch, waited, columns, most):
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setenv("COLUMNS", str(columns))
    waited(0, 1)
    with progress.counted(most, "planted faults") as tell:
        for number in range(1, 4):
            tell(
                number, "one-end made smaller: 3 people, 2 faults, 10 actions, 1min 30s, " * number
            )
    written = re.sub(r"\x1b\[[?0-9]*[a-zA-Z]", "", seen.getvalue())
    assert "one-end made smaller" in written
    assert max(map(len, re.split(r"[\r\n]", written))) < columns


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_nobody_who_looks_is_told_nothing(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown(1) as tell:
        assert tell is None


@pytest.mark.parametrize(
    ("words", "keeps"),
    [
        (["run", "SCENARIO"], [True]),
        (["run", "SCENARIO", "-q"], [False]),
        (["run", "SCENARIO", "-q", "--json"], [True]),
        (["run", "SCENARIO", "--replications", "2"], [False, False]),
        (["run", "SCENARIO", "--replications", "2", "--json"], [True, False]),
        (["replay", "TRACE"], [True]),
        (["replay", "TRACE", "-q"], [False]),
    ],
)
def test_records_are_kept_where_they_are_told_or_compared(
    sim, scenario, trace, monkeypatch, words, keeps
):
    names = {"SCENARIO": scenario(), "TRACE": trace()}
    real, kept = product.run, []

    def run(*arguments, keep=True, **further):
        kept.append(keep)
        return real(*arguments, keep=keep, **further)

    monkeypatch.setattr(product, "run", run)
    assert sim(*(names.get(word, word) for word in words)).exit_code == 0
    assert kept == keeps


def test_a_quiet_replay_of_another_story_is_shown(sim, trace):
    path = trace()
    path.write_text(path.read_text().replace('"reason":"forceD', '"reason":"D'))
    result = sim("replay", path, "-q")
    assert result.exit_code == 2
    assert "the file was changed: it parts from its run at record" in result.stderr
