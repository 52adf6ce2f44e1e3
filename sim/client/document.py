"""The document as far as cleanup needs it: the elements that Publishers and Subscribers put in."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim.protocol.records import Entry, states

PUBLISHER = "publisher"
SUBSCRIBER = "subscriber"


class Document:
    """The elements in one browser tab, in the order of their insertion."""

    __slots__ = ("changed", "counts", "elements")

    def __init__(self, changed: Callable[[Entry, str], None]) -> None:
        self.elements: dict[str, str] = {}
        """Label of the owner → ``publisher`` or ``subscriber``."""
        self.counts = {PUBLISHER: 0, SUBSCRIBER: 0}
        self.changed = changed

    def insert(self, label: str, kind: str) -> None:
        """Put the element of the object called ``label`` into the document."""
        self.elements[label] = kind
        self.counts[kind] += 1
        self.changed(states.INSERTED, label)

    def remove(self, label: str) -> None:
        """Take that element out; nothing happens when it is not there."""
        if self.forget(label):
            self.changed(states.REMOVED, label)

    def forget(self, label: str) -> bool:
        """The same without a word, because the page itself is going; whether it was there."""
        kind = self.elements.pop(label, None)
        if kind is not None:
            self.counts[kind] -= 1
        return kind is not None

    def clear(self) -> None:
        """The page is gone, and its elements with it."""
        self.restore(())

    def restore(self, elements: Iterable[tuple[str, str]]) -> None:
        """Let these elements be there, by label, and no others."""
        self.elements = dict(elements)
        self.counts = {PUBLISHER: 0, SUBSCRIBER: 0}
        for kind in self.elements.values():
            self.counts[kind] += 1
