"""Plain data to YAML text that people like to read: short things on one line.

Texts are quoted unless every YAML reader would take them for what they are.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from sim.scenario.nodes import UNPRINTABLE

WIDEST: Final = 96
"""What fits in a line of this many characters is written on one line, two levels down."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[\w.+/%'() -]|:(?=[^\s]))*(?<!\s)")
"""Texts that need no quotes anywhere, if they are not :data:`_AMBIGUOUS`."""

_SENTENCE: Final = re.compile(r"[A-Za-z](?:[\w.,;+/%'()\[\]{}!?’ -]|:(?=[^\s])|–)*(?<!\s)")
"""Texts that need no quotes outside of brackets."""

_AMBIGUOUS: Final = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|[-+.]?[0-9][-+0-9._e:]*|0[xo].*)"
)
"""Words that some YAML reader takes for something else than text: numbers, dates, booleans."""

_ESCAPED: Final = re.compile("[\x7f-\xa0\u2028\u2029\ufeff]|" + UNPRINTABLE.pattern)


def yaml_text(data: dict[str, Any]) -> str:
    """Return a YAML document of a mapping."""
    return "".join(_entry(name, value, 0) for name, value in data.items())


def _entry(name: str, value: Any, depth: int) -> str:
    """Return the lines of a key and its value; at the top, mappings and lists are spread out."""
    head = f"{'  ' * depth}{_key(name)}:"
    if not isinstance(value, dict | list) or not value:
        return f"{head} {_scalar(value, _SENTENCE) if isinstance(value, str) else flow(value)}\n"
    line = f"{head} {flow(value)}\n"
    if depth and len(line) <= WIDEST:
        return line
    if isinstance(value, list):
        return f"{head}\n" + "".join(_item(item, depth + 1) for item in value)
    return f"{head}\n" + "".join(_entry(k, v, depth + 1) for k, v in value.items())


def _item(value: Any, depth: int) -> str:
    indent = "  " * depth
    line = f"{indent}- {_scalar(value, _SENTENCE) if isinstance(value, str) else flow(value)}\n"
    if len(line) <= WIDEST or not isinstance(value, dict) or not value:
        return line
    block = "".join(_entry(name, each, depth + 1) for name, each in value.items())
    return f"{indent}- {block.removeprefix(indent + '  ')}"


def flow(value: Any) -> str:
    """Return a value on one line, as it would stand in a file.

    >>> flow({"backoff": {"first": "1s", "max": "30s"}})
    '{backoff: {first: 1s, max: 30s}}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _scalar(value, _PLAIN)


def _key(name: str) -> str:
    """Return a key. The language's own ``on`` stands without quotes: YAML 1.2 knows better."""
    return name if name == "on" else _scalar(name, _PLAIN)


def _scalar(value: Any, plain: re.Pattern[str]) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    fits = _PLAIN.fullmatch(value) or plain.fullmatch(value)
    if fits and not _AMBIGUOUS.fullmatch(value) and not _ESCAPED.search(value):
        return value
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
