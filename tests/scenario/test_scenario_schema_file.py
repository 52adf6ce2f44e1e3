"""The schema beside the shipped scenarios, for editors, is the one that the program prints."""

from pathlib import Path

from click.testing import CliRunner

from sim.cli.program import program

FILE = Path(__file__).parents[2] / "scenarios" / "scenario.schema.json"


def test_the_shipped_schema_is_current():
    printed = CliRunner().invoke(program, ["schema"]).output
    remedy = "python -m sim schema > scenarios/scenario.schema.json"
    assert FILE.read_text(encoding="utf-8") == printed, remedy
