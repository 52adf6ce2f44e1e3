"""Pictures of one person twice in one page."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import Handlers, handlers, on
from sim.protocol.names import label
from sim.protocol.records import Trait
from sim.trace import Record


class Pictures:
    """Notes when a page comes to show one more picture of somebody whom it shows."""

    def __init__(self) -> None:
        self.duplicates: list[int] = []
        self._shown: dict[str, dict[str, int]] = {}
        """By person: of whom the page has how many."""

    def _inserted(self, record: Record) -> None:
        subject = _subject(record)
        if subject:
            page = self._shown.setdefault(record.client, {})
            page[subject] = page.get(subject, 0) + 1
            if page[subject] > 1:
                self.duplicates.append(record.time)

    def _removed(self, record: Record) -> None:
        subject = _subject(record)
        page = self._shown.get(record.client, {})
        if subject in page:
            page[subject] -= 1

    def _gone(self, record: Record) -> None:
        self._shown.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "inserted"): _inserted,
            ("state", "removed"): _removed,
            **on(_gone, Trait.ENDS_PAGE),
        }
    )


def _subject(record: Record) -> str:
    """Whom an element shows; "" for one of the page's own."""
    parsed = label(record.data["element"])
    return "" if parsed is None else parsed.subject
