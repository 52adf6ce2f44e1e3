"""The same trace everywhere: golden digests, hash seeds, optimised code, other interpreters."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from golden import ROOT, digests, shipped, table

import sim

REGENERATE = "python -m tests.golden writes the table anew, if the change was meant"
MANY = 10_000
"""Records; a scenario with more is run once, and in one interpreter only."""
HERE = ".".join(map(str, sys.version_info[:3]))
ASK = """
import sys, venv, ensurepip
print(".".join(map(str, sys.version_info[:3])) if sys.version_info >= (3, 11) else "")
"""


@pytest.fixture(scope="module")
def golden():
    return table()


def quick(golden):
    return [name for name, entry in golden.items() if entry["records"] < MANY]


def elsewhere(interpreter, names, *options, **environment):
    """The digests of these scenarios in a process of its own."""
    run = subprocess.run(
        [interpreter, *options, "-m", "tests.golden", "--show", *names],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_table_has_every_shipped_scenario(golden):
    assert list(golden) == shipped(), REGENERATE


def slow_ones_marked():
    entries = table()
    for name in shipped():
        large = entries.get(name, {}).get("records", 0) >= MANY
        yield pytest.param(name, marks=[pytest.mark.slow] if large else [])


@pytest.mark.parametrize("name", list(slow_ones_marked()))
def test_a_shipped_scenario_gives_its_golden_digest(golden, name):
    assert digests([name])[name] == golden.get(name), REGENERATE


@pytest.mark.parametrize("seed", ["0", "1", "424242"])
def test_hash_seeds_change_nothing(golden, seed):
    names = quick(golden)
    expected = {name: golden[name] for name in names}
    assert elsewhere(sys.executable, names, PYTHONHASHSEED=seed) == expected


def test_optimised_code_gives_the_same(golden):
    names = quick(golden)
    expected = {name: golden[name] for name in names}
    assert elsewhere(sys.executable, names, "-O") == expected


# -- other interpreters ----------------------------------------------------------------------------


def interpreters():
    """Other Pythons: of ``SIM_INTERPRETERS``, on the path, and beside the one that runs this."""
    named = os.environ.get("SIM_INTERPRETERS", "").split(os.pathsep)
    on_path = [shutil.which(f"python3.{minor}") for minor in range(11, 20)]
    beside = sorted(str(path) for path in Path(sys.base_prefix).parent.glob("*/bin/python3"))
    known = dict.fromkeys(filter(None, (*named, *on_path, *beside)))
    return [each for each in known if Path(each).exists()]


def version_of(interpreter):
    """Its version, or nothing if it does not answer or is no Python 3.11 or newer."""
    try:
        run = subprocess.run(
            [interpreter, "-c", ASK], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip()


def equipped(interpreter, folder):
    """An environment of that interpreter with the product and what it needs to run."""
    subprocess.run([interpreter, "-m", "venv", folder], check=True, capture_output=True)
    python = str(folder / "bin" / "python")
    install = ["-m", "pip", "--quiet", "install", "--constraint", "constraints.txt", "."]
    subprocess.run([python, *install], check=True, cwd=ROOT, capture_output=True)
    return python


def test_other_interpreters_give_the_same(golden, tmp_path, record_testsuite_property):
    names = quick(golden)
    expected = {name: golden[name] for name in names}
    compared = [HERE]
    for interpreter in interpreters():
        version = version_of(interpreter)
        if version not in ("", *compared):
            python = equipped(interpreter, tmp_path / version)
            assert elsewhere(python, names) == expected, f"Python {version} differs"
            compared.append(version)
    record_testsuite_property("interpreters compared", ", ".join(compared))


# -- what may and may not make a difference --------------------------------------------------------

KICK = ROOT / "scenarios/kick-while-reconnecting.yaml"


def test_seed_and_replication_make_other_traces():
    runs = [sim.run(KICK), sim.run(KICK, seed=99), sim.run(KICK, replication=1)]
    assert len({result.digest for result in runs}) == 3


def test_neither_keeping_records_nor_sinks_nor_laws_nor_levels_do():
    plain = sim.run(KICK)
    others = [
        sim.run(KICK, keep=False),
        sim.run(KICK, sinks=[lambda record: None]),
        sim.run(KICK, laws=[]),
        sim.run(KICK, trace_level="all"),
    ]
    assert {result.digest for result in others} == {plain.digest}


def test_the_digest_is_that_of_the_records():
    result = sim.run(KICK)
    digest = sim.trace.Digest()
    for record in result.records:
        digest.add(sim.trace.encode(record))
    assert digest.hex == result.digest
