"""What is imported when it is used: by whom that wants to be known, and what may be missing.

``hypothesis`` tells plugins that it is there whenever anybody imports it. What its types are can be
said when they exist, and making them exist would cost everybody the import of a product that they
may not use.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

_imported: set[str] = set()
_waiting: dict[str, list[Callable[[], None]]] = {}


def when_imported(module: str, then: Callable[[], None]) -> None:
    """Call ``then`` when ``module``, which must be one that announces itself, is there; or now."""
    if module in _imported:
        then()
    else:
        _waiting.setdefault(module, []).append(then)


def announce(module: str) -> None:
    """That module is there: called at its end."""
    _imported.add(module)
    for then in _waiting.pop(module, ()):
        then()


def needed(module: str, what: str, extra: str) -> Any:
    """A module that an extra brings.

    Raises ``ModuleNotFoundError`` with the remedy if it is not installed; ``what`` needs it.
    """
    package = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] != package:
            raise  # it is there, and lacks something itself
        raise ModuleNotFoundError(
            f"{what} needs {package}: pip install 'session-sim[{extra}]'", name=package
        ) from None
