"""Labels: how a recording names the calls that were made, and what they say about them."""

from __future__ import annotations

import re
from typing import Final

from sim.conform.case import CaseStep
from sim.protocol import names

_LABEL: Final = re.compile(
    r"\s*(?:(OT\.initSession)\((?P<arguments>.*?)\)\.)?(?:await\s+)?"
    r"(?:(?:session|publisher|subscriber|app|ot)[0-9]*(?:\([^)]*\)(?:#[0-9]+)?)?\.)?(?P<name>\w+)",
    re.IGNORECASE,
)
_ARGUMENT: Final = re.compile(r'"[^"]*"|[\w.]+')
_PERSON: Final = re.compile(r"subscriber\(([^)]+)\)")
_ANSWERED: Final = re.compile(r"server\s*=\s*([1-9][0-9][0-9])")

_SPELLINGS: Final = {
    "closeBrowser": r"(close|closes|closing|shut|leave|leaves)\W*(the\W*)?(browser|page|tab|window)"
    r"|(browser|page|tab|window)\W*(is\W*)?(close|unload|hide|gone)|unload|page\W*hide|beforeunload"
    r"|navigate|reload",
    "crash": r"crash|(kill|kills)\W*(the\W*)?(browser|page|tab|machine|renderer)|power",
    "connect": r"(reconnect|rejoin|join)\b",
    "publish": r"(republish|re-publish)\b",
}
"""Other ways to name a call, as expressions that the label begins with."""


def name_of(label: str) -> str:
    """The call that a label names: ``signal`` of ``signal data 8193``; or an empty text."""
    for name, spelled in _SPELLINGS.items():
        if re.match(rf"\s*(?:{spelled})", label, re.IGNORECASE):
            return name
    match = _LABEL.match(label)
    return match["name"] if match else ""


def answer_to(step: CaseStep) -> int | None:
    """The status with which the platform answered the call, where the step says so."""
    said = (step.args or {}).get("platform_answers")
    if said is None and (match := _ANSWERED.search(step.do or "")):
        said = match[1]
    return None if said is None else int(said)


_REQUESTED_AS: Final = {"forceUnpublish": "unpublish", "disableForceMute": "forceMuteAll"}


def request_of(call: str) -> str:
    """The platform's name for the request that a call makes."""
    return _REQUESTED_AS.get(call, call)


def session_of(label: str) -> tuple[bool, bool] | None:
    """For a Session that the label makes itself: whether it has an API key, and a session id."""
    match = _LABEL.match(label)
    if match is None or match[1] is None:
        return None
    arguments = _ARGUMENT.findall(match["arguments"])
    return len(arguments) > 1, '""' not in arguments


def owner_of(id: str) -> str:
    """Whose a connection's, a stream's or a signal's id is; nobody's stands for itself."""
    return names.person_of(id) or id


def person_of(label: str) -> str | None:
    """Whose stream a label is about: ``bob`` of ``subscribe subscriber(bob)``."""
    match = _PERSON.search(label)
    return match[1] if match else None
