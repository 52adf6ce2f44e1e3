"""Files of reports: by what they are known, so that they may be replaced, and how they are."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from sim.trace.replacing import Replacement

_LOOKED_AT: Final = 8 << 10
"""Bytes of its beginning that are looked at."""

_SIGNS: Final = {
    "html": rb'\A<!doctype html>.*<meta name="generator" content="session-sim">',
    "mermaid": rb"\AsequenceDiagram\n    title .*, seed [0-9]+, ",
    "perfetto": rb'\A\{"displayTimeUnit": "ms",\n"otherData": \{"scenario": ',
    "junit": rb'\A<\?xml [^>]*>\n<testsuites .*<testsuite name="laws" ',
    "svg": rb'\A<svg [^>]*role="img".*<pattern id="state-',
    "text": rb"\A.* simulated, seed [0-9]+,\s",
    "events": rb'\A\{\n  "format": [0-9]+,\n  "person": ',
}
"""Format → how its files begin."""
_SIGN: Final = re.compile(b"|".join(b"(?:%b)" % sign for sign in _SIGNS.values()), re.DOTALL)


def is_report(name: str | os.PathLike[str]) -> bool:
    """Whether a file is a report in any format, or empty. Raises ``OSError``."""
    with Path(name).open("rb") as file:
        beginning = file.read(_LOOKED_AT)
    return not beginning or _SIGN.match(beginning) is not None


def put(name: str | os.PathLike[str], written: str | bytes) -> None:
    """Write a report; what is there stays whole until it takes its place. Raises ``OSError``."""
    file = Replacement(name)
    try:
        file.stream.write(written.encode("utf-8") if isinstance(written, str) else written)
        file.keep(whole=True)
    except BaseException:
        file.give_up()
        raise
