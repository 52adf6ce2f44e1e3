"""How publishing ends, at whatever stage it is: by the app, the platform, the session, or the page.

=========================  =================  =====================  =====================
how ``publish`` ends       before the camera  before the request     asked for
=========================  =================  =====================  =====================
it is unpublished          OT_CANCEL          OT_CANCEL              OT_CANCEL
it is destroyed            Error              OT_CANCEL, a quirk: –  OT_CANCEL, a quirk: –
its session ends           Error              OT_CANCEL, a quirk: –  OT_CANCEL, a quirk: –
that has lost its socket   the same           the same               2001, before the end
its page closes            –                  –                      –
=========================  =================  =====================  =====================

Whoever unpublishes asks the platform for the end of the stream, asked for or not; whoever destroys
the Publisher or closes the page, only of one that is asked for. In the shipped client that is a
quirk, too: the stream is left. Source: spec/opentok-js-2.35.2.md, sections 2.2, 2.3, 2.5, 2.6 and
4.5; recordings m6, m8, m9, m11.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sim.client.attachment import Attachment
from sim.client.calls import OWNER as CALLS
from sim.client.events import Event
from sim.client.publishing import Publishing
from sim.protocol import errors, quirks, reasons
from sim.protocol.errors import error
from sim.protocol.records import calls, incidents

ASKING: Final = ("PublishingToSession", "NotPublishing")
"""States in which a stream is asked for, in the second in vain (a quirk)."""


def unpublish(mine: Publishing, reason: str = reasons.UNPUBLISHED) -> None:
    """Stop publishing: tell the platform, then the app, all at once (section 2.6).

    So it is done, too, when the platform has ended the stream (section 2.5).
    """
    if mine.session is None:
        return
    publish = mine.call_record()
    mine.delete()
    _write_down(mine)
    if mine.state != "Publishing":
        mine.reject(errors.CANCELLED)
    mine.detach()
    kept = _tell_end(mine, reason, lambda event: _after_stream(mine, event))
    is_spoilt = mine.is_alive and not mine.bound
    if is_spoilt and mine.page.deviate_aside(quirks.SPOILT, publish, kept):
        mine.machine.to("NotPublishing")


def destroy(mine: Publishing) -> None:
    """Leave the page, end the stream with ``reset`` if there is one; cannot be prevented."""
    if not mine.is_alive:
        return
    loop, data = mine.page.loop, {"publisher": mine.label}
    with loop.because(mine.page.journal(*calls.DESTROY.by(mine.label), data, loop.cause)):
        _leave(mine)


def _leave(mine: Publishing) -> None:
    if mine.lingers:
        _write_down(mine)
    elif mine.session is not None:
        _withdraw(mine)
    mine.machine.to("Destroyed")
    mine.page.document.remove(mine.label)
    if mine.session is not None:
        mine.detach()
        _tell_end(mine, reasons.RESET)
    mine.tell_destroyed()
    _end_call(mine)


def unload(mine: Publishing) -> None:
    """The page is closing: ``streamDestroyed(reset)``, and no ``destroyed`` (section 2.3)."""
    if mine.session is not None:
        _withdraw(mine)
        mine.machine.to("Destroyed")
        mine.page.document.forget(mine.label)
        mine.detach()
        _tell_end(mine, reasons.RESET)


def _withdraw(mine: Publishing) -> None:
    """End the stream, or take back what asks for it; not so the shipped client (a quirk)."""
    if mine.state in ASKING and mine.stream_id is not None:
        if mine.page.deviate_aside(quirks.STREAM_LEFT, mine.call_record()):
            if mine.request is not None:
                mine.call = None  # which ends with the answer to the request
            return
        mine.take_back()
        mine.delete()
    elif mine.stream is not None:
        mine.delete()


# -- with the session ------------------------------------------------------------------------------


def session_ended(mine: Publishing, reason: str) -> None:
    """The session is over: the default action of its end (section 2.2, step 6)."""
    ended = mine.session
    if ended is None:  # a listener of the end has unpublished or destroyed it
        return
    mine.lingers = mine.page.profile.has(quirks.KEPT_PUBLISHER)
    if not mine.lingers:
        mine.detach()
    kept = _tell_end(mine, reason, lambda event: _after_stream(mine, event))
    if mine.is_alive:
        _outlive(mine, ended, kept)


def _write_down(mine: Publishing, kept: int | None = None) -> None:
    """What is done now meets the Publisher as the end of its session has left it (a quirk);
    ``kept`` is the record that a listener has kept it.
    """
    if mine.lingers:
        mine.lingers = False
        mine.page.deviate_aside(quirks.KEPT_PUBLISHER, kept)


def _outlive(mine: Publishing, ended: Attachment, kept: int | None) -> None:
    """A listener has kept it over the end of its session, which that record says; it is still
    attached by a quirk.
    """
    if mine.session is None:
        mine.reject(errors.CANCELLED)
    elif mine.session is ended:
        _write_down(mine, kept)


# -- what is told ----------------------------------------------------------------------------------


def tidy(mine: Publishing, about: tuple[str | None, int | None]) -> None:
    """Tidy up after a publishing of that record that has failed, unless that has been done."""
    id, publish = about
    if mine.session is not None and id == mine.stream_id:
        if id is not None:
            with mine.page.loop.because(_withdrawal(mine, id, publish)):
                mine.delete()
        mine.detach()
        mine.machine.to("MediaBound")
        _tell_end(mine, reasons.RESET)


def _withdrawal(mine: Publishing, id: str, publish: int | None) -> int | None:
    """Write down that the client, by itself, takes back what it has asked for."""
    cause = mine.page.loop.cause
    data: dict[str, Any] = {"stream": id}
    if publish not in (None, cause):
        data["besides"] = [publish]
    return mine.page.journal(*incidents.WITHDRAWAL.by(mine.label), data, cause)


def _tell_end(
    mine: Publishing, reason: str, after: Callable[[Event], object] | None = None
) -> int | None:
    """Tell the end of the stream, of each once; ``after`` is the default action.

    A camera that is bound can be published again from then on, in a listener, too. Returns the
    number of the record that a listener has prevented the default action, if one has.
    """
    id, stream = mine.stream_id, mine.stream
    if mine.session is None:
        mine.stream = None
    if after is not None and mine.bound:
        mine.machine.to("MediaBound")
    if id is None and mine.retold:
        if after is not None and mine.is_alive:
            _leave(mine)
        return None
    event = mine.dispatch("streamDestroyed", stream=stream, reason=reason)
    mine.retold = mine.retold or id is None
    if mine.stream_id == id:
        mine.stream_id = None
    if after is not None:
        with mine.page.loop.because(event.record):
            after(event)
    return event.prevention


def _after_stream(mine: Publishing, event: Event) -> None:
    """Leave the page, too, unless a listener has prevented that or has seen to it; a listener that
    has published it again has done so in vain.
    """
    if mine.is_alive and not event.is_default_prevented():
        if mine.stream_id is None:
            mine.detach()
        _leave(mine)


def _end_call(mine: Publishing) -> None:
    """Nothing comes of the call any more, if one is under way."""
    call, mine.call = mine.call, None
    if call is not None and mine.bound:
        mine.cancelled(call)
    elif call is not None:
        mine.page.loop.soon(CALLS, "fail", (call, error("publish", "destroyed")))
