"""Baselines: the findings that are known already, in a JSON file.

Any JSON object with a list ``findings`` is one, of objects that each have an ``identity``: what
``fuzz --json`` prints, what ``fuzz --update`` writes, and what somebody wrote by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.testing.fuzzing.findings import Finding
from sim.testing.writing import write_whole


class BaselineError(ValueError):
    """A file that is no baseline, with one sentence."""


def read(path: Path) -> dict[str, str]:
    """The known findings of a file: identity → what it said.

    Raises :class:`BaselineError`, and ``OSError`` if it cannot be read.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise BaselineError(f"{path}: this is not UTF-8, and no baseline") from None
    except ValueError as problem:
        raise BaselineError(f"{path}: this is not JSON, and no baseline: {problem}") from None
    except RecursionError:
        raise BaselineError(f"{path}: this is nested too deep to be a baseline") from None
    listed = data.get("findings") if isinstance(data, dict) else None
    if not isinstance(listed, list) or not all(map(_is_finding, listed)):
        raise BaselineError(
            f"{path}: a baseline is a JSON object with a list 'findings', "
            "each of which has an 'identity'"
        )
    return {each["identity"]: str(each.get("sentence", "")) for each in listed}


def _is_finding(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("identity"), str)


def write(path: Path, known: Mapping[str, str], found: Iterable[Finding]) -> None:
    """Write a baseline of what is known and of what was found, sorted, so that it can be compared.

    Raises ``OSError`` with the file's name.
    """
    every = dict(known) | {
        each.identity: each.sentence for each in found if each.identity not in known
    }
    findings = [{"identity": name, "sentence": every[name]} for name in sorted(every)]
    text = json.dumps({"findings": findings}, ensure_ascii=False, indent=2)
    write_whole(path, text + "\n")
