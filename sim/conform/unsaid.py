"""What a case leaves unsaid and its completions imply.

Two things about the recorder are not in its files: a network that was cut before the recording
began. Only a socket that was refused, or that never opened, makes ``connect`` fail with these
names, so where nothing in the script explains such a failure, the network is set like that from the
beginning. What is then still compared: the error, its time, the events and what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from sim.conform.case import Case

IMPLIED: Final = {
    "OT_SOCKET_CLOSE_FALLBACK_CODE": "refuse",
    "OT_SOCKET_CLOSE_TIMEOUT": "blackhole",
}


@frozen
class Condition:
    """A network that holds for one client from the beginning."""

    client: str
    network: str


def unsaid(case: Case) -> Iterator[Condition]:
    """The conditions that a case implies, at most one for each client."""
    told = {step.client for step in case.script if step.network is not None}
    for completion in case.completions:
        network = IMPLIED.get(str(completion.fields.get("error")))
        if completion.call == "connect" and network and completion.client not in told:
            told.add(completion.client)
            yield Condition(completion.client, network)
