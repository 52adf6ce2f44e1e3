"""Stories from files: each is checked before anything is recorded, which takes time."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from sim.conform import listeners
from sim.conform.problems import FLAG, NUMBER, OBJECT, TEXT, Problems
from sim.protocol.roles import ROLES
from sim.wording import not_one_of
from tools.live.stories import ACTS, FAULTS, PLATFORM, Story

RECORDER: Final = Path(__file__).parent / "recorder"
LATEST: Final = 600_000
"""The longest story, in milliseconds: ten minutes."""

_OF_STORY: Final = ("name", "cfg", "clients", "setup", "pubs", "steps", "ends")
_OF_CLIENT: Final = ("role", "auto_subscribe", "prevents", "listeners", "suppressed")
_OF_LISTENER: Final = ("object", "event", "does")
_DEEDS: Final = ("acts", "net", "platform", "page")
_OF_STEP: Final = ("at", "client", *_DEEDS, "args")
_OF_ACT: Final = ("do", "args", "target")
_ARGUMENTS: Final = (
    *("type", "data", "retry_after_reconnect", "to"),
    *("stream_of", "subscriber", "publisher"),
)
_NEEDED: Final = {
    "signal": "args",
    "subscribe": "stream_of",
    "unsubscribe": "subscriber",
    **dict.fromkeys(("forceDisconnect", "forceUnpublish", "forceMuteStream"), "target"),
}
_NETS: Final = (*FAULTS, "restored")
_PLATFORM: Final = (*PLATFORM, "closes with 1003", "closes with 1011")
_CLOSES: Final = re.compile(r"closes with [1-4]\d{3}")


class BadStoryError(Exception):
    """A file that holds no story: a sentence for each mistake, a line each."""


def read(file: Path) -> Story:
    """The story in a file. Raises :class:`BadStoryError`."""
    try:
        story = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadStoryError(f"{file} cannot be read as a story: {problem}.") from None
    if not isinstance(story, dict):
        raise BadStoryError(
            f"{file} is no story: it must be an object (docs/live.md has the keys)."
        )
    problems = Problems()
    _story(story, problems)
    if problems.found:
        raise BadStoryError("\n".join(f"{file}: {problem}" for problem in problems.listed()))
    clients = {name: {"listeners": []} | each for name, each in story["clients"].items()}
    whole: Story = {"cfg": {}, "setup": [], "pubs": []} | story
    return whole | {"clients": clients, "name": file.stem}


def _story(story: Story, problems: Problems) -> None:
    problems.keys(story, _OF_STORY, "story")
    clients = problems.need(story, "clients", OBJECT, "story")
    for name, client in clients.items():
        _client(client, f"clients.{name}", problems)
    problems.keys(problems.may(story, "cfg", OBJECT, "story") or {}, choices(), "cfg")
    for key in ("setup", "pubs"):
        for place, name in problems.items(story, key, "story", TEXT):
            problems.known(name, clients, place)
    for place, step in problems.items(story, "steps", "story", OBJECT, needed=True):
        _step(step, clients, place, problems)
    _time(story, "ends", "story", problems)


def choices() -> list[str]:
    """What the recorder's server can be told to choose."""
    text = (RECORDER / "choices.js").read_text(encoding="utf-8")
    return re.findall(r"^  (\w+):", text, re.MULTILINE)


def _time(data: dict[str, Any], key: str, where: str, problems: Problems) -> None:
    if not 0 <= problems.need(data, key, NUMBER, where) <= LATEST:
        problems.add(f"{where}.{key}", f"must be from 0 to {LATEST}: milliseconds of ten minutes")


def _client(client: Any, where: str, problems: Problems) -> None:
    if not isinstance(client, dict):
        problems.add(where, "must be an object")
        return
    problems.keys(client, _OF_CLIENT, where)
    _word(client, "role", ROLES, "a role", where, problems)
    for key in ("auto_subscribe", "suppressed"):
        problems.may(client, key, FLAG, where)
    for place, written in problems.items(client, "prevents", where, TEXT):
        _event(*listeners.place(written), place, problems)
    for place, listener in problems.items(client, "listeners", where, OBJECT):
        problems.keys(listener, _OF_LISTENER, place)
        problems.need(listener, "does", TEXT, place)
        event = problems.need(listener, "event", TEXT, place)
        kind = problems.may(listener, "object", TEXT, place) or "session"
        _event(kind if kind in listeners.KINDS else None, event, place, problems)


def _event(kind: str | None, event: str, where: str, problems: Problems) -> None:
    if kind is None:
        problems.add(where, f"names no object that is {listeners.OBJECTS}")
    elif complaint := listeners.unknown(kind, event):
        problems.add(f"{where}:", complaint)


def _word(
    data: dict[str, Any],
    key: str,
    known: Collection[str],
    kind: str,
    where: str,
    problems: Problems,
) -> None:
    word = problems.need(data, key, TEXT, where)
    if word and word not in known:
        problems.add(f"{where}.{key}:", not_one_of(word, known, kind))


def _step(step: dict[str, Any], clients: Collection[str], where: str, problems: Problems) -> None:
    problems.keys(step, _OF_STEP, where)
    _time(step, "at", where, problems)
    problems.known(problems.need(step, "client", TEXT, where), clients, f"{where}.client")
    done = [key for key in _DEEDS if key in step]
    if len(done) != 1:
        problems.add(where, f"must have one of {', '.join(_DEEDS)}")
    elif done == ["acts"]:
        for place, act in problems.items(step, "acts", where, OBJECT, needed=True):
            _act(act, clients, place, problems)
    elif done == ["net"]:
        _word(step, "net", _NETS, "something that happens to a network", where, problems)
    elif done == ["page"]:
        _word(step, "page", ("close page",), "something that happens to a page", where, problems)
    elif not (isinstance(step["platform"], str) and _CLOSES.fullmatch(step["platform"])):
        _word(step, "platform", _PLATFORM, "a deed of the platform", where, problems)


def _act(act: dict[str, Any], clients: Collection[str], where: str, problems: Problems) -> None:
    problems.keys(act, _OF_ACT, where)
    _word(act, "do", ACTS, "a call", where, problems)
    args = problems.may(act, "args", OBJECT, where) or {}
    needed = _NEEDED.get(str(act.get("do")))
    if needed is not None and needed not in (act if needed in _OF_ACT else args):
        place = where if needed in _OF_ACT else f"{where}.args"
        problems.add(f"{place}.{needed}", f"is needed by {act['do']}")
    problems.keys(args, _ARGUMENTS, f"{where}.args")
    for place, name in _named(act, args):
        problems.known(name, clients, f"{where}.{place}")


def _named(act: dict[str, Any], args: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Those whom a call is about."""
    yield "target", act.get("target")
    yield "args.stream_of", args.get("stream_of")
    to = args.get("to")
    if isinstance(to, dict):
        yield "args.to.connection_of", to.get("connection_of")
