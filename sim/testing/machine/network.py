"""Rules of the machine: what happens to links."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from sim.testing.machine.moments import outages
from sim.testing.machine.rules import rule
from sim.testing.machine.situation import actor_of, one_of, sampled, target_of, there_is
from sim.testing.machine.stage import Stage

CALLS: Final[dict[str, dict[str, Any]]] = {
    "signal": {"do": "signal"},
    "signal, not again": {"do": "signal", "retry_after_reconnect": False},
    "publish": {"do": "publish"},
    "unpublish": {"do": "unpublish"},
    "disconnect": {"do": "disconnect"},
}
"""What apps ask for when it cannot be answered."""


class NetworkRules(Stage):
    """Links that fail, work again, and change."""

    @there_is("people")
    @rule(who=one_of("people"), lasting=outages())
    def link_down(self, who: str, lasting: str | None) -> None:
        """A link fails both ways, for a time or until it comes up by another rule."""
        self._cut(who, lasting)

    @there_is("people")
    @rule(who=one_of("people"), direction=sampled(("up", "down")), lasting=outages())
    def link_one_way(self, who: str, direction: str, lasting: str | None) -> None:
        """A link fails one way: what somebody sends is lost, or what is sent to somebody."""
        self._cut(who, lasting, direction=direction)

    @there_is("people")
    @rule(who=one_of("people"), lasting=outages())
    def link_refused(self, who: str, lasting: str | None) -> None:
        """A link fails so that sockets are reset and new ones refused."""
        self._cut(who, lasting, mode="refused")

    def _cut(self, who: str, lasting: str | None, **how: str) -> None:
        given = {} if lasting is None else {"lasting": lasting}
        self.do(who, network="down", **how, **given)

    @there_is("connected")
    @rule(who=one_of("connected"), call=sampled(tuple(CALLS)), lasting=outages())
    def call_into_outage(self, who: str, call: str, lasting: str | None) -> None:
        """A link fails, and what somebody asks for at the same time is not answered."""
        self._cut(who, lasting)
        self.do(who, **CALLS[call])

    @there_is("addressable")
    @rule(by=actor_of("addressable"), to=target_of("addressable"), lasting=outages())
    def signal_into_outage(self, by: str, to: str, lasting: str | None) -> None:
        """A link fails one way: somebody hears a signal, and its acknowledgement is lost."""
        self._cut(to, lasting, direction="up")
        self.do(by, do="signal", to=to)

    @there_is("connected")
    @rule(
        who=one_of("connected"),
        by=st.none() | one_of("connected"),
        direction=sampled(("both", "up", "down")),
        retry=sampled((None, False)),
    )
    def signal_over_outage(
        self, who: str, by: str | None, direction: str, retry: bool | None
    ) -> None:
        """A link fails for 9 s; before that is noticed somebody signals, often over that link.

        In the end all have come back.
        """
        self._cut(who, "9s", direction=direction)
        given = {} if retry is None else {"retry_after_reconnect": retry}
        self.do(by or who, do="signal", **given)
        self.simulation.advance("20s")

    @there_is("cut_off")
    @rule(who=one_of("cut_off"))
    def link_up(self, who: str) -> None:
        """A link that is down works again."""
        self.do(who, network="up")

    @there_is("people")
    @rule(who=one_of("people"))
    def link_reset(self, who: str) -> None:
        """Open sockets are reset; new ones can be opened at once."""
        self.do(who, network="reset")

    @there_is("people")
    @rule(
        who=one_of("people"),
        to=st.runner().flatmap(lambda machine: sampled((None, *machine.networks))),
    )
    def link_change(self, who: str, to: str | None) -> None:
        """Somebody gets another address, maybe on another network: sockets go dead, silently."""
        self.do(who, network="change", **({} if to is None else {"to": to}))
