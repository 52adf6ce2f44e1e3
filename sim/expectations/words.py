"""A sentence that is read from its beginning, word by word."""

from __future__ import annotations

import re
from typing import Final

from sim.protocol.units import parse_duration
from sim.wording import quoted

_PART: Final = r"[0-9]+(?:\.[0-9]+)?\s*(?!of\b)[a-z]+"
_DURATION: Final = rf"{_PART}(?:\s*{_PART})*"
_MOST_QUOTED: Final = 50


class Words:
    """A sentence and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def take(self, expression: str) -> re.Match[str] | None:
        """Read on if the expression matches here, as whole words."""
        return self.take_mark(rf"(?:{expression})(?![\w-])")

    def take_mark(self, expression: str) -> re.Match[str] | None:
        """Read on if the expression matches here; it need not end where a word does."""
        found = re.compile(rf"(?:{expression})\s*").match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    @property
    def rest(self) -> str:
        """What has not been read."""
        return self.text[self.position :]

    def need(self, expression: str, expected: str) -> re.Match[str]:
        """Read on; raise ``ValueError`` if something else stands here."""
        found = self.take(expression)
        if not found:
            raise ValueError(self.stuck(expected))
        return found

    def stuck(self, expected: str) -> str:
        """Return the sentence that something else was expected here."""
        read = self.text[: self.position].strip()
        if len(read) > _MOST_QUOTED:
            read = f"… {read[-_MOST_QUOTED:].partition(' ')[2]}"
        after = f"after {quoted(read)} " if read else ""
        got = quoted(self.rest) if self.rest else "the end"
        return f"{after}expected {expected}, got {got}"

    def end(self) -> None:
        """Raise ``ValueError`` if the sentence does not end here."""
        if self.rest:
            raise ValueError(self.stuck("the end of the sentence"))

    def duration(self) -> int:
        """Read a duration; return microseconds."""
        return parse_duration(self.need(_DURATION, "a duration such as 2min 6s").group().strip())
