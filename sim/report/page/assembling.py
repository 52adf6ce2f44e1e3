"""The page: template, styles, modules and document as one file that asks nobody for anything."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from sim.report.model.timeline import Timeline
from sim.report.page.packing import pack

_ENTRY: Final = "main.js"
_STYLES: Final = ("page.css", "sweep.css")
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


def html(timeline: Timeline, against: Timeline | None = None) -> str:
    """The report of a run as one HTML file; of two, if there is another to compare it with."""
    return assembled(timeline.title, pack(timeline, against), kind="run")


def assembled(title: str, data: str, *, kind: str, sweep: str = "", runs: str = "") -> str:
    """The shell with a document of that kind: ``run`` or ``sweep``.

    The page of a sweep has what shows it, and the documents of some of its runs.
    """
    styled, script = style(), bundle()
    parts = {
        "title": escape(title),
        "policy": policy(styled, script),
        "style": styled,
        "script": script,
        "data": data,
        "kind": kind,
        "sweep": sweep,
        "runs": runs,
    }
    return _PLACE.sub(lambda place: parts[place[1]], asset("page.html"))


def policy(style: str, script: str) -> str:
    """The content-security policy: this style and this script, and nothing from anywhere."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def asset(name: str) -> str:
    """A file of the page's source."""
    return files("sim.report.page").joinpath("assets", *name.split("/")).read_text("utf-8")


def modules() -> dict[str, str]:
    """The page's modules, each after those that it imports."""
    found: dict[str, str] = {}
    _gather(_ENTRY, found, ())
    return found


def style() -> str:
    """The styles of the page."""
    return "".join(map(asset, _STYLES))


@cache
def bundle() -> str:
    """All modules as one: without their imports, and with nothing exported."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in modules().values())


def _gather(name: str, found: dict[str, str], importing: tuple[str, ...]) -> None:
    if name in importing:
        raise ValueError(f"modules import each other: {' -> '.join((*importing, name))}")
    if name in found:
        return
    text = asset(name)
    for imported in _IMPORT.findall(text):
        _gather(_resolve(name, imported), found, (*importing, name))
    found[name] = text


def _resolve(name: str, imported: str) -> str:
    """The file that a module names, seen from its own folder."""
    folder = name.split("/")[:-1]
    for part in imported.split("/"):
        if part == "..":
            folder.pop()
        elif part != ".":
            folder.append(part)
    return "/".join(folder)


def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
