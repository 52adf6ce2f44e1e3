"""Small inputs on which the program once did wrong, each with its right value.

``RIGHT`` says for each file what must come of it; a file without an entry fails. What is wrong with
a file of bad input is one sentence for each mistake, exit 2, and never a traceback.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

HERE = Path(__file__).parents[1] / "data" / "findings"
SHARED = Path(__file__).parents[3] / "shared" / "findings"
"""A folder beside the repository that more findings are put into, where there is one."""

HELD, BAD_INPUT = 0, 2
PATIENCE_S = 60
"""After which a run is taken for one without an end; a fault, not a bound that is tested."""


@frozen
class Right:
    """What a command must come to: its exit code, and words that must be said or not be said."""

    verb: str
    exit_codes: tuple[int, ...]
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ("Traceback", "the simulator itself failed")


def right(verb, *exit_codes, says=(), never=()):
    return Right(verb, exit_codes, says, (*Right("", ()).never, *never))


RIGHT = {
    "ansi-in-key.yaml": [
        right("validate", BAD_INPUT, says=("is not a key here",), never=("\x1b", "net\nwork")),
        right("run", BAD_INPUT, never=("\x1b", "net\nwork")),
    ],
    "converge-replay-false.yaml": [right("run", HELD, says=("not exercised",))],
    "did-you-mean-true.yaml": [
        right("validate", BAD_INPUT, says=("clients.a.publish",), never=("did you mean 'true'?",))
    ],
    "ice-restart-late.yaml": [right("run", HELD)],
    "one-end-reconnect-while-disconnecting.yaml": [right("run", HELD)],
    "overflow-duration.yaml": [right("validate", BAD_INPUT, says=("clients.a.stay",))],
    "reason-has-cause-detection-of-2ms.yaml": [right("run", HELD)],
    "redial-storm.yaml": [right("run", HELD)],
    "signal-storm.yaml": [right("run", BAD_INPUT, says=("answer each other's signals",))],
    "time-goes-back.yaml": [right("run", HELD)],
    "trace-over-scenario.yaml": [right("run", HELD)],
    "trace-connection-list.jsonl": [
        right("check", BAD_INPUT),
        right("replay", BAD_INPUT, never=("not deterministic",)),
    ],
    "trace-nonascii-header.jsonl": [
        right("check", HELD, BAD_INPUT),
        right("replay", BAD_INPUT, says=("is not a name for a story",)),
    ],
    "trace-through-jq.jsonl": [right("check", HELD, BAD_INPUT), right("replay", HELD, BAD_INPUT)],
    "trace-unknown-profile.jsonl": [
        right("check", HELD, BAD_INPUT),
        right("replay", BAD_INPUT, says=("profile",)),
    ],
}

MORE = [path for path in sorted(SHARED.glob("*.[yj]*")) if not (HERE / path.name).exists()]
FILES = [*sorted(HERE.iterdir()), *MORE]
CASES = [(path, case) for path in FILES for case in RIGHT.get(path.name, ())]


def sim(*arguments):
    """Run the program; return its exit code and what it said on either stream."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_finding_has_a_right_value(path):
    assert path.name in RIGHT


@pytest.mark.parametrize(
    ("path", "case"),
    CASES,
    ids=[f"{path.name}-{case.verb}" for path, case in CASES],
)
def test_a_finding_comes_to_what_is_right(path, case):
    code, said = sim(case.verb, path)
    assert code in case.exit_codes, said
    assert [words for words in case.says if words not in said] == []
    assert [words for words in case.never if words in said] == []
