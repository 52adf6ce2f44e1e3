"""List the language: writes the tables of ``scenarios.md`` beside this file from the code's own.

Run it after changing a key: ``python -m docs.list_language``. What stands between the marks
``<!-- table: ... -->`` and ``<!-- end of table -->`` is replaced; a test holds the page to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from sim.expectations import FORMS
from sim.expectations.vocabulary import DEEDS
from sim.network.presets import LOSSES, NETWORKS
from sim.protocol.quirks import QUIRKS
from sim.scenario.actions import ACTIONS, FURTHER, Action
from sim.scenario.model import SCENARIO
from sim.scenario.people import BACKOFF, PERSON
from sim.scenario.reactions import REACTION
from sim.scenario.settings import PLATFORM, TIMERS
from sim.scenario.tables import REQUIRED, Key, Table

PAGE: Final = Path(__file__).with_name("scenarios.md")
_MARKED: Final = re.compile(r"(<!-- table: ([a-z -]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def page(text: str) -> str:
    """The whole page, with the tables as they must be."""
    return _MARKED.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)


def _rows(header: str, rows: Iterable[Iterable[str]]) -> str:
    columns = header.split("|")
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _keys(table: Table) -> Callable[[], str]:
    def rows() -> str:
        listed = [
            (f"`{name}`", _default(spec), spec.shape.says, spec.about)
            for name, spec in table.keys.items()
        ]
        return _rows("key|default|how it is written|what it says", listed)

    return rows


def _default(spec: Key) -> str:
    if spec.default is REQUIRED:
        return "**required**"
    written: Any = None if spec.default is None and not spec.shape.holds(None) else _written(spec)
    if isinstance(written, bool):
        return f"`{str(written).lower()}`"
    if isinstance(written, list):
        return ", ".join(f"`{each}`" for each in written)
    return f"`{written}`" if written not in (None, "", {}) else ""


def _written(spec: Key) -> Any:
    return spec.shape.write(spec.default)


def _actions(actions: dict[str, Action]) -> Callable[[], str]:
    def rows() -> str:
        listed = []
        for word, action in actions.items():
            needs = [f"**`{name}`**" for name in action.needs]
            takes = [f"`{name}`" for name in action.takes]
            listed.append((f"`{word}`", ", ".join(needs + takes), action.about))
        return _rows("word|further keys|what happens", listed)

    return rows


def _further() -> str:
    listed = [(f"`{name}`", shape.says, about) for name, (shape, about) in FURTHER.items()]
    return _rows("further key|how it is written|what it says", listed)


def _networks() -> str:
    listed = [(f"`{name}`", preset.source) for name, preset in NETWORKS.items()]
    return _rows("network|where its figures come from", listed)


def _losses() -> str:
    listed = [(f"`{name}`", preset.source) for name, preset in LOSSES.items()]
    return _rows("loss|where its figures come from", listed)


def _quirks() -> str:
    return _rows("quirk|what the app sees", [(f"`{q.name}`", q.sees) for q in QUIRKS.values()])


def _deeds() -> str:
    return f"{', '.join(f'`{word}`' for word in DEEDS)}\n"


def _forms() -> str:
    return "".join(f"- `{form}`\n" for form in FORMS)


TABLES: Final[dict[str, Callable[[], str]]] = {
    "scenario": _keys(SCENARIO),
    "person": _keys(PERSON),
    "backoff": _keys(BACKOFF),
    "reaction": _keys(REACTION),
    "platform settings": _keys(PLATFORM),
    "timers": _keys(TIMERS),
    "do": _actions(ACTIONS["do"]),
    "network": _actions(ACTIONS["network"]),
    "platform": _actions(ACTIONS["platform"]),
    "further keys": _further,
    "network presets": _networks,
    "loss presets": _losses,
    "quirks": _quirks,
    "forms of expectations": _forms,
    "deeds": _deeds,
}

if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
