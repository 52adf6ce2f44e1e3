"""Clients whose streams are not those of their Publishers: they outlive them."""

from __future__ import annotations

from typing import Any

from sim.client import Client
from sim.client.membership import Membership
from sim.client.page import Reply


class LeavesStreamsBehind(Membership):
    """A Publisher ends, and the platform is not asked to end its stream."""

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int | None:
        """Send a request, unless it is one to end a stream."""
        if (method, resource) == ("delete", "stream"):
            return None
        return super().request(method, resource, content, reply, retry)


class SendsForEver(Client):
    """Whoever watches a person's page receives a picture, whatever has become of the stream."""

    def sends(self, stream: str) -> bool:
        """Whether a Publisher sends that stream: always."""
        return True
