"""The golden digests: what each shipped scenario gave when its table was last written.

``python -m tests.golden`` writes the table anew: do that when a change is meant to give other
traces, and say so in ``CHANGELOG.md`` under *Traces*. ``python -m tests.golden --show NAME...``
prints the digests of some scenarios, computed now, and changes nothing.
"""

import json
import sys
from pathlib import Path

import sim

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "tests/data/golden.json"


def shipped():
    """The names of the scenarios that come with the product."""
    return sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


def table():
    """The table as it was written."""
    return json.loads(TABLE.read_text())


def digests(names):
    """The digest and the number of records of each scenario's own seed, computed now."""
    entries = {}
    for name in names:
        result = sim.run(ROOT / "scenarios" / f"{name}.yaml", keep=False)
        entries[name] = {"digest": result.digest, "records": result.count}
    return entries


def main(arguments):
    """Write the table, or show some of what it would say."""
    if arguments[:1] == ["--show"]:
        sys.stdout.write(json.dumps(digests(arguments[1:])))
    else:
        TABLE.write_text(json.dumps(digests(shipped()), indent=2) + "\n")
        sys.stdout.write(f"{TABLE.relative_to(ROOT)} has {len(shipped())} scenarios\n")


if __name__ == "__main__":
    main(sys.argv[1:])
