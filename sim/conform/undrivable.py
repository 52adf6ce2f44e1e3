"""What of a script cannot be driven."""

from __future__ import annotations

from sim.conform import calls, incidents, labels
from sim.conform.case import Case, CaseStep


def problems(case: Case) -> list[str]:
    """One sentence for each step that cannot be driven."""
    sentences = enumerate(map(_undrivable, case.script))
    return [f"case.script[{number}] {what}" for number, what in sentences if what is not None]


def _undrivable(step: CaseStep) -> str | None:
    if step.platform is not None:
        understood = incidents.is_understood(step.platform)
        what = f"says that the platform did {step.platform!r}; understood are "
        return None if understood else what + incidents.UNDERSTOOD
    if step.client is None:
        return "names no client"
    if step.network is not None:
        unknown = [w for w in incidents.words(step.network) if w not in incidents.NETWORK]
        what = f"has the network {step.network!r}; its words are {', '.join(incidents.NETWORK)}"
        return what if unknown else None
    if step.do is None:
        return "says neither do, network nor platform"
    known = (*calls.CALLS, *calls.ON_PAGE)
    what = f"does {step.do!r}, which is no call; the calls are {', '.join(known)}"
    return None if labels.name_of(step.do) in known else what
