"""``run --replications``: how sessions end and how long they last."""

from __future__ import annotations

import json
import re

from cli_scenarios import DROP, KICK

from sim.cli import ends

GONE = """\
name: gone
duration: 1min
clients:
  alice: {}
  bob: {stay: {exponential: 20s}}
"""


def test_reasons_and_durations_have_intervals(sim, scenario):
    output = " ".join(sim("run", scenario(GONE), "--replications", 12).output.split())
    share = re.search(r"100\.0% (\d+\.\d)% to 100\.0% clientDisconnected", output)
    assert share
    assert 70 < float(share[1]) < 80
    assert re.search(r"24 sessions, of which 1\d went on at the end\.", output)
    assert re.search(r"Half last longer than (no|\d+) s", output)
    assert re.search(r"up to 60 s they last \d\d s \(\d\d s to \d\d s\) on average", output)


def test_json_says_the_same(sim, scenario):
    data = json.loads(sim("run", scenario(GONE), "--replications", 12, "--json").output)
    found = data["sessions"]
    assert found["sessions"] == 24
    assert 12 <= found["going_on"] < 24
    assert found["ends"]["clientDisconnected"]["n"] == 12
    assert found["mean_s"]["low"] < found["mean_s"]["estimate"] < found["mean_s"]["high"]
    assert found["mean_s"]["estimate"] < found["mean_up_to_s"] < 60


def test_shares_are_of_the_sessions_that_ended(sim, scenario):
    data = json.loads(sim("run", scenario(KICK), "--replications", 3, "--json").output)
    assert {name: each["estimate"] for name, each in data["sessions"]["ends"].items()} == {
        "forceDisconnected": 1.0
    }
    assert data["sessions"]["going_on"] == 3


def test_where_none_has_ended_only_durations_are_told(sim, scenario):
    output = " ".join(sim("run", scenario(DROP), "--replications", 2).output.split())
    assert "by what their app was told" not in output
    assert "4 sessions, of which 4 went on at the end. How long half of them last cannot" in output


def test_where_there_were_no_sessions_nothing_is_told(sim, scenario):
    nobody = scenario("name: nobody\nduration: 1s\nclients:\n  bob: {arrive: 1s}\n")
    assert "sessions, of which" not in sim("run", nobody, "--replications", 2).output
    data = json.loads(sim("run", nobody, "--replications", 2, "--json").output)
    assert data["sessions"]["sessions"] == 0
    assert data["sessions"]["median_s"]["estimate"] is None


def test_it_is_the_same_however_many_share_the_work(sim, scenario):
    path = scenario(GONE)
    one, two = (
        sim("run", path, "--replications", 8, "--json", "--jobs", jobs).output for jobs in (1, 2)
    )
    assert one == two


def test_without_scipy_it_says_what_is_missing_and_all_else(sim, scenario, monkeypatch):
    monkeypatch.setattr(ends, "find_spec", lambda name: None)
    result = sim("run", scenario(GONE), "--replications", 2)
    assert result.exit_code == 0
    assert "needs scipy: pip install 'session-sim[research]'" in " ".join(result.output.split())
    assert "all held in 2 replications" in result.output
    data = json.loads(sim("run", scenario(GONE), "--replications", 2, "--json").output)
    assert data["sessions"] is None
