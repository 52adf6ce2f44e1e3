"""What is shown at present: the last picture there was, and what is wrong since."""

from __future__ import annotations

import threading

from attrs import evolve, field, frozen


@frozen
class Notice:
    """What is to be shown."""

    number: int = 0
    """Goes up with each notice."""
    page: str = field(default="", repr=False)
    """The last report that could be made, as HTML; "" before the first."""
    picture: int = 0
    """The number of the notice that brought the page."""
    verdict: str = ""
    """What is said of that run, in a line."""
    mistakes: tuple[str, ...] = ()
    """Why there is no newer one."""


class Board:
    """Holds the latest notice; any thread may read it, or wait for the next."""

    def __init__(self) -> None:
        self._latest = Notice()
        self._changed = threading.Condition()
        self._closed = False

    @property
    def latest(self) -> Notice:
        """The latest notice."""
        return self._latest

    @property
    def is_closed(self) -> bool:
        """Whether there will be no other."""
        return self._closed

    def picture(self, page: str, verdict: str) -> None:
        """Show another picture."""
        number = self._latest.number + 1
        self._put(Notice(number, page, number, verdict))

    def mistakes(self, sentences: tuple[str, ...]) -> None:
        """Say what is wrong, beside the last picture."""
        self._put(evolve(self._latest, number=self._latest.number + 1, mistakes=sentences))

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def after(self, number: int, seconds: float) -> Notice | None:
        """The latest notice as soon as there is one after that number.

        None if there is none in the time, or if the board is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._latest.number > number, seconds)
            return self._latest if self._latest.number > number and not self._closed else None

    def _put(self, notice: Notice) -> None:
        with self._changed:
            self._latest = notice
            self._changed.notify_all()
