"""The calls that a case may drive, by the name that its label begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from sim.client.publisher import Publisher
from sim.client.session import Session
from sim.conform.arguments import addressee, connection_of, literal, option, stream_of, target
from sim.conform.case import CaseStep
from sim.world.participant import Participant

Drive = Callable[[Participant, CaseStep], object]

_LABEL = re.compile(r"(?:(OT\.initSession)\((.*)\)\.)?(\w+)")
_ARGUMENT = re.compile(r'"[^"]*"|[\w.]+')
_PERSON = re.compile(r"subscriber\(([^)]+)\)")

SCRIPT: Final = "script"


def name_of(label: str) -> str:
    """The call that a label names: ``signal`` of ``signal data 8193``."""
    match = _LABEL.match(label)
    return match.group(3) if match else ""


def _session(who: Participant, label: str) -> Session:
    """The Session that a label is about: the page's, or one that it makes itself."""
    match = _LABEL.match(label)
    if match is None or match.group(1) is None:
        return who.session
    arguments = _ARGUMENT.findall(match.group(2))
    return who.driver.core.init_session(len(arguments) > 1, '""' not in arguments)


def _connect(who: Participant, step: CaseStep) -> None:
    _session(who, step.do or "").connect(None, SCRIPT)


def _disconnect(who: Participant, step: CaseStep) -> None:
    who.session.disconnect(SCRIPT)


def _publish(who: Participant, step: CaseStep) -> None:
    args = step.args or {}
    publisher: Any
    if "value" in args:
        publisher = literal(args["value"])
    elif args.get("publisher") is not None:
        publisher = who.publisher
    else:
        publisher = who.new_publisher()
    who.session.publish(publisher, None, SCRIPT)


def _unpublish(who: Participant, step: CaseStep) -> None:
    who.session.unpublish(who.publisher if step.args is None else None, SCRIPT)


def _destroy(who: Participant, step: CaseStep) -> None:
    if isinstance(who.publisher, Publisher):
        who.publisher.destroy()


def _subscribe(who: Participant, step: CaseStep) -> None:
    args = step.args or {}
    person = _PERSON.search(step.do or "")
    if "value" in args:
        stream: Any = literal(args["value"])
    else:
        name = args.get("stream_of") or (person.group(1) if person else step.target)
        stream = stream_of(who.session, str(name))
    who.session.subscribe(stream, None, SCRIPT)


def _listed(session: Session, index: int) -> Any:
    """The n-th of the Subscribers that are left, or None."""
    return session.subscribers[index] if index < len(session.subscribers) else None


def _unsubscribe(who: Participant, step: CaseStep) -> None:
    args = step.args or {}
    if "value" in args:
        subscriber = literal(args["value"])
    else:
        subscriber = _listed(who.session, int(args.get("subscriber", 0)))
    who.session.unsubscribe(subscriber, SCRIPT)


def _signal(who: Participant, step: CaseStep) -> None:
    args = step.args or {}
    who.session.signal(
        option(args, "type"),
        option(args, "data"),
        addressee(who.session, args),
        option(args, "retry_after_reconnect"),
        None,
        SCRIPT,
    )


def _force_disconnect(who: Participant, step: CaseStep) -> None:
    chosen = target(who.session, step.args, None)
    if step.target is not None:
        chosen = connection_of(who.session, step.target)
    who.session.force_disconnect(chosen, None, SCRIPT)


def _force_unpublish(who: Participant, step: CaseStep) -> None:
    chosen = target(who.session, step.args, None)
    if step.target is not None:
        chosen = stream_of(who.session, step.target)
    who.session.force_unpublish(chosen, None, SCRIPT)


def _force_mute_stream(who: Participant, step: CaseStep) -> None:
    chosen = target(who.session, step.args, None)
    if step.target is not None:
        chosen = stream_of(who.session, step.target)
    who.session.force_mute_stream(chosen, SCRIPT)


def _force_mute_all(who: Participant, step: CaseStep) -> None:
    args = step.args or {}
    who.session.force_mute_all(literal(args["value"]) if "value" in args else (), SCRIPT)


def _disable_force_mute(who: Participant, step: CaseStep) -> None:
    who.session.disable_force_mute(SCRIPT)


def _publish_audio(who: Participant, step: CaseStep) -> None:
    if isinstance(who.publisher, Publisher):
        who.publisher.publish_audio(
            bool((step.args or {}).get("value", "false" not in str(step.do)))
        )


def _publish_video(who: Participant, step: CaseStep) -> None:
    if isinstance(who.publisher, Publisher):
        who.publisher.publish_video(
            bool((step.args or {}).get("value", "false" not in str(step.do)))
        )


CALLS: Final[dict[str, Drive]] = {
    "connect": _connect,
    "disconnect": _disconnect,
    "publish": _publish,
    "unpublish": _unpublish,
    "destroy": _destroy,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "signal": _signal,
    "forceDisconnect": _force_disconnect,
    "forceUnpublish": _force_unpublish,
    "forceMuteStream": _force_mute_stream,
    "forceMuteAll": _force_mute_all,
    "disableForceMute": _disable_force_mute,
    "publishAudio": _publish_audio,
    "publishVideo": _publish_video,
}

THROWN: Final = {TypeError: "TypeError", ValueError: "Error"}
"""Python's exceptions and the JavaScript errors that they stand for."""

BOTH: Final = ("signal", "forceDisconnect", "forceUnpublish")
"""Calls that end in a callback and a promise; the recordings list both."""
