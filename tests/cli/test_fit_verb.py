"""``fit``: a network from recordings, printed to be pasted."""

from __future__ import annotations

import json

import pytest
import yaml

from sim.draws.distributions import Constant
from sim.scenario import loads

LOSSES = "lost\n" + "0\n" * 30 + "0\n1\n0\n0\n0\n1\n1\n" * 12
DELAYS = "delay_ms\n" + "".join(f"{40 + n % 7}\n" for n in range(30))
TRACE = "".join(f"{t}\n" for n in range(12) for t in range(9000 * n, 9000 * n + 6000 - 50 * n, 50))


def said(text):
    return loads(f"name: x\nduration: 1min\nclients: {{bob: {{}}}}\n{text}")


def test_what_is_printed_is_a_network_of_a_scenario(sim, tmp_path):
    files = {"losses.csv": LOSSES, "delays.csv": DELAYS, "train.mahimahi": TRACE}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    result = sim("fit", *(tmp_path / name for name in files), "--name", "cafe")
    assert result.exit_code == 0, result.output
    link = said(result.output).networks["cafe"]
    assert link.up.loss.mean_loss == pytest.approx(36 / 114, abs=0.05)
    assert link.up.delay != Constant(0)
    assert link.outages is not None
    for each in (
        "losses: 31.6 % of 114 packets",
        "delays of packets that arrived: 30",
        "outages: 11",
    ):
        assert f"# {each}" in result.output
    assert "Lilliefors" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_quietly_it_prints_the_network_alone(sim):
    result = sim("fit", "-q", "-", input="delay_ms\n40\n40\n")
    assert result.output == "networks:\n  fitted: {delay: 40ms}\n"
    assert "taken as exponential" not in sim("fit", "-", input="delay_ms\n40\n40\n").output


def test_as_json_it_gives_every_model(sim):
    data = json.loads(sim("fit", "--json", "-", input=LOSSES).output)
    assert data["files"] == ["<stdin>"]
    assert data["losses"]["cases"] == 114
    models = data["losses"]["models"]
    assert {each["model"] for each in models} >= {"independent", "simple Gilbert", "Gilbert"}
    assert models == sorted(models, key=lambda each: each["aic"])
    assert (
        data["network"]
        == yaml.safe_load(sim("fit", "-q", "-", input=LOSSES).output)["networks"]["fitted"]
    )


def test_no_loss_is_said_with_what_it_leaves_open(sim):
    output = sim("fit", "-", input="lost\n" + "0\n" * 100).output
    assert "fewer than 3 % are" in output


@pytest.mark.parametrize(
    ("arguments", "text", "sentence"),
    [
        ((), "lost\n0\n2\n", "Error: <stdin>:3: lost must be 0 or 1, not '2'"),
        (("--name", "not a name"), LOSSES, "is not"),
        (("--gap", "soon"), TRACE, "'soon' is not a duration"),
        (("--spacing", "0s"), LOSSES, "it must be at least 1ms, not 0s"),
        (("-",), LOSSES, "Only one of the files can come from standard input."),
    ],
)
def test_a_mistake_is_one_sentence(sim, arguments, text, sentence):
    result = sim("fit", "-", *arguments, input=text)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_is_named(sim, tmp_path):
    result = sim("fit", tmp_path / "none.csv")
    assert result.exit_code == 2
    assert "none.csv: No such file" in result.output


def test_the_help_lists_every_column(sim):
    from sim.research.fitting.columns import COLUMNS

    listed = sim("fit", "--help").output.partition("The columns of a CSV file")[2]
    assert all(name in listed for name in COLUMNS)


def test_packets_sent_at_uneven_times_are_told(sim, tmp_path):
    """Four at once, the next 20 ms later: bursts are shorter than a scenario can say."""
    rows = [
        f"{frame * 0.02 + packet * 0.0001:.4f},{int(frame % 10 == 0 and packet < 2)}"
        for frame in range(200)
        for packet in range(4)
    ]
    file = tmp_path / "bursts.csv"
    file.write_text("\n".join(["sent,lost", *rows]))
    told = " ".join(sim("fit", file).output.replace("#", " ").split())
    assert "Note: packets were sent at uneven times; losses move in time" in told
    assert "Note: a state lasts 1ms, the shortest that a scenario may say" in told
