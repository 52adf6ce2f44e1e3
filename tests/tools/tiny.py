"""A recording of a few rows, made by hand."""

BEFORE = {"session_state": "connecting", "dom_publishers": 0, "dom_subscribers": 0}
IN = BEFORE | {"session_state": "connected", "n_connections": 1, "n_streams": 0}
OUT = IN | {"session_state": "disconnected", "n_connections": 0}
ALICE = "connection alice"
HEADER = {"opentok_js": "2.35.2", "server_choices": {"graceMs": 9_000}}
SAID = {"type": "chat", "data": "srv"}
OVER = {"reason": "clientDisconnected", "cancelable": True, "default_prevented": False}


def row(at, kind, event, client="alice", object="session", **more):
    return {"t_ms": at, "client": client, "object": object, "kind": kind, "event": event, **more}


def told(at, seq, event, state, **more):
    said = {"cancelable": False} | more
    return row(at, "event", event, seq=seq, state=state, **said)


def server(at, event, **more):
    return row(at, "marker", event, "server", "server", **more)


def recording():
    """Somebody connects, is sent a signal by the app's server, and disconnects."""
    story = {
        "clients": {"alice": {"role": "publisher", "prevents": [], "listeners": []}},
        "name": "tiny",
    }
    return [
        row(0, "header", "tiny", "recorder", **HEADER, story=story),
        row(1, "call", "connect", object="app", seq=0, state=BEFORE),
        row(20, "wire", "ws-upgrade", object="wire"),
        told(40, 2, "connectionCreated", IN, about=ALICE),
        told(40, 1, "sessionConnected", IN),
        row(41, "callback", "connect", object="app", ok=True, seq=3, state=IN),
        told(45, 5, "exception", IN),
        server(600, "--- setup complete ---"),
        server(800, "signal", who="alice", args=SAID),
        told(805, 6, "signal", IN, data="srv"),
        told(805, 7, "signal:chat", IN, data="srv"),
        row(900, "call", "disconnect", object="app", seq=8, state=IN),
        told(905, 9, "sessionDisconnected", OUT, **OVER),
        row(906, "promise", "disconnect", object="app", ok=True, seq=10, state=OUT),
        row(2_000, "marker", "final", object="app", seq=11, state=OUT),
    ]
