"""From a recording to a case for ``python -m sim conform``.

A recording is JSON lines: a header with the story and what the server chose, then everything that
was seen of pages, server and wire, in the order of time. A case keeps what an app can see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

Row = Mapping[str, Any]

NOISE: Final = frozenset(
    {
        *("accessAllowed", "accessDialogClosed", "accessDialogOpened", "mediaStreamAvailable"),
        *("audioBlocked", "audioInputDeviceChanged", "audioUnblocked", "qualityScoreChanged"),
        *("videoDimensionsChanged", "videoDisabled", "videoElementCreated", "videoEnabled"),
        *("videoDisableWarning", "videoDisableWarningLifted", "streamPropertyChanged"),
        "exception",
    }
)
"""Events about cameras, pictures and logs: other things than a session's life."""
MEDIA: Final = ("connected", "disconnected")

PLATFORM: Final = {
    "leaveOrder": "leave_order",
    "forceAck": "force_ack",
    "victimGetsStreamDeleted": "victim_told_of_own_stream",
    "closeVictim": "platform_closes_victims_socket",
    "pokeOnReconnect": "speaks_first_on_reconnect",
    "graceMs": "grace_ms",
    "replayUnacked": "replays_what_was_missed",
    "leaveReason": "leave_reason",
    "lostReason": "lost_reason",
    "p2p": "p2p",
    "reconnection": "reconnection_enabled",
    "mute": "mute_active",
    "signalAck": "signal_ack",
    "refuseReattachWhenGone": "reattach_when_gone",
    "ackStatus": "ack_status",
    "rejectConnect": "reject_connect",
    "unpublishEcho": "unpublish_echo",
}
"""What a case calls the server's choices; one that it has no word for keeps its own."""

SETUP_COMPLETE: Final = "--- setup complete ---"


def convert(recording: Path) -> dict[str, Any]:
    """The case of a recording.

    Raises ``ValueError`` if the file is not a recording.
    """
    head, *rows = (json.loads(line) for line in recording.read_text(encoding="utf-8").splitlines())
    if head.get("kind") != "header":
        raise ValueError(f"{recording} does not begin with the header of a recording")
    clients = {name: _client(said) for name, said in head["story"]["clients"].items()}
    script = sorted(_script(rows), key=_time)
    closed = {step["client"] for step in script if step.get("do") == "close page"}
    return {
        "case": head["event"],
        "sdk": f"opentok.js {head['opentok_js']}",
        "platform": {PLATFORM.get(key, key): each for key, each in head["server_choices"].items()},
        "clients": clients,
        "setup_ends_ms": next((r["t_ms"] for r in rows if r["event"] == SETUP_COMPLETE), 0),
        "script": script,
        "expect": {name: _expected(name, rows) for name in clients},
        "completions": sorted(_completions(rows), key=_time),
        "left": {
            name: left
            for name in clients
            if name not in closed and (left := _left(name, rows)) is not None
        },
    }


def _time(row: Row) -> float:
    return float(row["t_ms"])


def _present(row: Row, *keys: str) -> dict[str, Any]:
    return {key: row[key] for key in keys if row.get(key) is not None}


def _client(said: Mapping[str, Any]) -> dict[str, Any]:
    client: dict[str, Any] = {
        "role": said["role"],
        "auto_subscribe": bool(said.get("auto_subscribe")),
    }
    if said.get("prevents"):
        client["prevent_default"] = said["prevents"]
    if said.get("listeners"):
        client["listeners"] = [
            _present(each, "event", "object", "does") for each in said["listeners"]
        ]
    if said.get("suppressed"):
        client["connection_events_suppressed"] = True
    return client


# -- what was done ---------------------------------------------------------------------------------

_OF_NETWORKS: Final = "network "


def _script(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["kind"] == "call":
            yield _call(row)
        elif row["kind"] == "marker" and row["client"] == "server":
            yield from _incident(row)


def _call(row: Row) -> dict[str, Any]:
    step = {"t_ms": row["t_ms"], "client": row["client"], "do": row["event"]}
    step |= _present(row, "target", "args", "by")
    if row["event"] == "publish again":
        step["args"] = {"publisher": "the same as before"}
    return step


def _incident(row: Row) -> Iterator[dict[str, Any]]:
    event = row["event"]
    who = {"client": row["who"]} if row.get("who") else {}
    if event.startswith(_OF_NETWORKS):
        yield {"t_ms": row["t_ms"], **who, "network": event.removeprefix(_OF_NETWORKS)}
    elif event != SETUP_COMPLETE:
        yield {"t_ms": row["t_ms"], "platform": event, **who, **_present(row, "args")}


# -- what the apps were told -----------------------------------------------------------------------


def _expected(name: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    told = [
        row
        for row in rows
        if row["client"] == name
        and row["kind"] == "event"
        and row["event"] not in NOISE
        and row["object"] != "OT"
    ]
    return [_told(row) for row in sorted(told, key=lambda row: int(row["seq"]))]


def _told(row: Row) -> dict[str, Any]:
    state = row["state"]
    told = {"t_ms": row["t_ms"], "object": row["object"], "event": row["event"]}
    told |= _present(row, "reason", "about", "data", "from")
    told["cancelable"] = row.get("cancelable")
    if row.get("default_prevented"):
        told["prevented"] = True
    if row["event"] in MEDIA and row["object"].startswith("subscriber"):
        told["media"] = True
    told["page"] = {"publishers": state["dom_publishers"], "subscribers": state["dom_subscribers"]}
    told["session_state"] = state.get("session_state")
    return told


def _completions(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["kind"] not in ("callback", "promise", "throw"):
            continue
        ended = {"t_ms": row["t_ms"], "client": row["client"], "call": row["event"]}
        ended |= {"by": row["kind"], "ok": row.get("ok", row["kind"] != "throw")}
        if row.get("error_name"):
            ended["error"] = row["error_name"]
        yield ended | _present(row, "code")


def _left(name: str, rows: Iterable[Row]) -> dict[str, Any] | None:
    """What the page last saw of its session; None if it saw nothing."""
    mine = [row for row in rows if row["client"] == name and row.get("state")]
    if not mine:
        return None
    state = max(mine, key=lambda row: int(row.get("seq", 0)))["state"]
    return {
        "session_state": state.get("session_state"),
        "publishers_in_page": state["dom_publishers"],
        "subscribers_in_page": state["dom_subscribers"],
        "connections": state.get("n_connections"),
        "streams": state.get("n_streams"),
    }
