"""What is written down about a client, in words."""

from __future__ import annotations

from typing import Any, NamedTuple

CLASSES = {"session": "Session", "publisher": "Publisher", "subscriber": "Subscriber"}


class Record(NamedTuple):
    """One line of the journal."""

    number: int
    time: int
    client: str
    object: str
    kind: str
    name: str
    data: dict[str, Any]
    cause: int | None
    level: int


def in_words(record: Record) -> str:
    """One event or completion, briefly."""
    data = record.data
    if record.kind == "callback":
        if record.name == "listenerThrew":
            return f"threw in {data['event']}"
        failed = f"failed {data.get('error')} {data.get('code')}"
        return f"{record.name} {'ok' if data['ok'] else failed}"
    about = [str(data[key]) for key in ("stream", "reason") if key in data]
    if "stream" not in data and "connection" in data:
        about.insert(0, data["connection"])
    if record.name.startswith("signal"):
        about = [repr(data["data"]) if "data" in data else "-", f"from {data['from']}"]
    said = " ".join([record.name, *about])
    return said if record.object == "session" else f"{record.object}: {said}"


def in_order(record: Record) -> str:
    """One event or completion as the specification's ``orders`` write it."""
    if record.kind == "callback":
        return f"{record.name} {record.data['by']}"
    word = record.object.partition("(")[0].rstrip("0123456789")
    reason = f"({record.data['reason']})" if "reason" in record.data else ""
    return f"{CLASSES[word]}.{record.name}{reason}"
