"""The recordings, and ways to change them."""

import copy
import json
from functools import cache
from pathlib import Path

from sim.conform import compare, parse, reenact
from sim.protocol.quirks import profile

FOLDER = Path(__file__).parents[1] / "data" / "conformance"
FILES = sorted(FOLDER.glob("*.json"))
NAMES = [file.stem for file in FILES]


@cache
def _text(name):
    exact = FOLDER / f"{name}.json"
    (file,) = [exact] if exact.exists() else FOLDER.glob(f"{name}*.json")
    return file.read_text(encoding="utf-8")


def raw(name):
    """A recording as JSON, by the beginning of its name; may be changed."""
    return json.loads(_text(name))


def case_of(data):
    return parse(json.dumps(data).encode(), "case.json")


@cache
def recorded(name):
    return case_of(raw(name))


@cache
def observed(name, base="opentok.js-2.35.2", **switches):
    """What the re-enactment of a recording shows."""
    return reenact(recorded(name), profile=profile(base, switches))


def differences(data):
    case = case_of(data)
    return compare(case, reenact(case))


def after_setup(data, *steps, lasts=5_000, **platform):
    """A recording whose room fills as recorded; then other ``steps``, their times from there on.

    What the recording says of the time afterwards is forgotten.
    """
    data, ends = copy.deepcopy(data), data["setup_ends_ms"]
    for told in data["expect"].values():
        told[:] = [event for event in told if event["t_ms"] <= ends]
    data["completions"] = [ended for ended in data["completions"] if ended["t_ms"] <= ends]
    data["left"] = {}
    data["platform"] |= platform
    data["script"] = [step for step in data["script"] if step["t_ms"] <= ends]
    data["script"] += [step | {"t_ms": ends + step["t_ms"]} for step in steps]
    data["script"].append({"t_ms": ends + lasts, "platform": "--- the end ---"})
    return data


def at(time, client, **what):
    """A step of the script, in milliseconds."""
    return {"t_ms": time, "client": client, **what}


def story(data, client, media=False):
    """What a client is told after the set-up, in words, and the re-enactment itself."""
    case = case_of(data)
    seen = reenact(case)
    return [
        words(told)
        for told in seen.expect[client]
        if told.at > case.setup_ends and (media or not told.media)
    ]


def words(told):
    kind = "" if told.object == "session" else f"{told.object}."
    reason = told.fields.get("reason")
    return f"{kind}{told.event}" + (f"({reason})" if reason else "")


def answers(data, client):
    """How a client's calls end after the set-up: callback or promise only once each."""
    case = case_of(data)
    return {
        ended.call: "ok"
        if ended.fields["ok"]
        else (ended.fields["error"], ended.fields.get("code"))
        for ended in reenact(case).completions
        if ended.client == client and ended.at > case.setup_ends
    }
