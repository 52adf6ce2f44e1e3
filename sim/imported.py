"""Who wants to know when a part of the product has been imported, without importing it.

``hypothesis`` tells plugins that it is there whenever anybody imports it. What its types are can be
said when they exist, and making them exist would cost everybody the import of a product that they
may not use.
"""

from __future__ import annotations

from collections.abc import Callable

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
