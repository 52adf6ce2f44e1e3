"""What a Publisher or a Subscriber needs of the session that it is attached to."""

from __future__ import annotations

from typing import Any, Protocol

from sim.client.page import Reply
from sim.client.peers import Stream


class Attachment(Protocol):
    """A membership of a session, as the objects of the page see it."""

    key: str
    """What the page calls it."""
    own: str | None
    streams: dict[str, Stream]
    """Those that are known, by id."""
    peer_to_peer: bool

    @property
    def is_reconnecting(self) -> bool:
        """Whether an outage of the socket lasts."""

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int | None:
        """Send a request over the socket; without one it is answered as lost, and None returned."""

    def cancel(self, txn: int | None) -> None:
        """Do not send that request again."""

    def outage_since(self, time: int) -> int | None:
        """The record of an outage that has lasted beyond ``time``, if there is one."""

    def next_stream(self) -> str:
        """The id of the next own stream."""

    def forget(self, label: str) -> None:
        """The Publisher or Subscriber of that label is not attached any more."""
