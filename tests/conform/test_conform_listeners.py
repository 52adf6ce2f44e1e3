"""What is understood of the JavaScript in a listener."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.conform.listeners import calls, deed, place

MS = 1_000


@pytest.mark.parametrize(
    ("script", "made"),
    [
        ("disconnect()", [("disconnect", 0)]),
        ("session.disconnect();", [("disconnect", 0)]),
        ("await session.disconnect()", [("disconnect", 0)]),
        ("e.preventDefault(); connect()", [("preventDefault", 0), ("connect", 0)]),
        ("{ e.preventDefault()\nconnect() }", [("preventDefault", 0), ("connect", 0)]),
        ("setTimeout(() => disconnect())", [("disconnect", 0)]),
        ("setTimeout(() => disconnect(), 250)", [("disconnect", 250 * MS)]),
        ("setTimeout(function () { publish(); unpublish() }, 5)",
         [("publish", 5 * MS), ("unpublish", 5 * MS)]),
        ("Promise.resolve().then(() => e.preventDefault())", [("preventDefault", 0)]),
        ("setTimeout(() => Promise.resolve().then(() => off()), 3)", [("off", 3 * MS)]),
        ("throw new Error('boom')", [("throw", 0)]),
        ("signal({type: 'chat', data: 'x'})", [("signal", 0)]),
        ("", []),
        (" ; ; ", []),
    ],
)  # fmt: skip
def test_calls_are_understood_at_once_and_later(script, made):
    assert list(calls(script)) == made
    deed(script)


@pytest.mark.parametrize("script", ["alert(1)", "x = 1", "disconnect", "setTimeout(dance, 5)", "("])
def test_what_is_not_understood_is_refused(script):
    with pytest.raises(ValueError, match="understood are preventDefault"):
        deed(script)


@given(st.text(alphabet="setTimeout(() => {};, 5)disconnectPromise.resolve().then", max_size=80))
def test_any_script_is_understood_or_refused(script):
    refusals = []
    try:
        deed(script)
    except ValueError as problem:
        refusals.append(str(problem))
    assert all("understood" in refusal for refusal in refusals)
    assert isinstance(list(calls(script)), list)


@pytest.mark.parametrize(
    ("written", "kind", "event"),
    [
        ("sessionConnected", "session", "sessionConnected"),
        ("session:signal:chat", "session", "signal:chat"),
        ("signal:chat", "session", "signal:chat"),
        ("publisher:streamDestroyed", "publisher", "streamDestroyed"),
        ("publisher1:streamDestroyed", "publisher", "streamDestroyed"),
        ("subscriber(bob):destroyed", "subscriber", "destroyed"),
        ("page:load", None, ""),
        ("", None, ""),
    ],
)
def test_an_event_is_heard_on_an_object(written, kind, event):
    assert place(written) == (kind, event)
