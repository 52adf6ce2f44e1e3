"""What becomes of a socket whose real one is gone: another attempt, or the end.

Source: spec/opentok-js-2.35.2.md, sections 3.1, 3.2 and 8, 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.client import closes
from sim.protocol import quirks

if TYPE_CHECKING:
    from sim.client.socket import ReconnectingSocket


def lost(socket: ReconnectingSocket, code: int) -> None:
    """The real socket is gone: reconnect, or end (section 3.2)."""
    socket.silence_at = None
    if not socket.exists:  # being closed: nobody listens to the real socket (section 2.0)
        return
    socket.stop_opening()
    if socket.machine.state == "connecting":
        _never_opened(socket, code)
    elif not _is_final(socket, code):
        _reconnect(socket, code)
    elif socket.outage and socket.loop.cause in (socket.announced, socket.blamed):
        with socket.loop.because(socket.announced):
            _give_up(socket, code)
    else:
        _give_up(socket, code)


def _never_opened(socket: ReconnectingSocket, code: int) -> None:
    """The first attempt has failed; in the shipped client more follow (section 8, 9)."""
    if closes.is_survived(code, socket.reconnects, socket.page.profile):
        socket.announced = socket.loop.cause
        socket.owner.failed(socket, code)
        _reconnect(socket, code)
        return
    socket.machine.to("closing")
    socket.finish(code)
    socket.owner.failed(socket, code)


def _is_final(socket: ReconnectingSocket, code: int) -> bool:
    if socket.window_ends is not None and socket.loop.now >= socket.window_ends:
        return True
    return closes.ends_at_once(code, socket.reconnects, socket.page.deviate)


def _reconnect(socket: ReconnectingSocket, code: int) -> None:
    if not socket.machine.to("reconnecting"):
        return
    if socket.window_ends is None:
        socket.window_ends = socket.loop.now + socket.timers.window
    if socket.was_open and not socket.outage:
        _begin_outage(socket)
    socket.requests.fail(retried=False)
    with socket.loop.because(socket.announced):
        _try_again(socket, code)


def _try_again(socket: ReconnectingSocket, code: int) -> None:
    if socket.machine.state != "reconnecting":
        return
    if not socket.reconnects:
        _give_up(socket, code)
    else:
        socket.dial_after(socket.redialling.pause(socket.loop.now))


def _begin_outage(socket: ReconnectingSocket) -> None:
    """Announce it: all that follows from it follows from the record of that."""
    socket.outage, socket.blamed = True, socket.loop.cause
    socket.requests.fail(retried=False)
    socket.announcing = True
    announced = socket.owner.reconnecting(socket)
    socket.announcing = False
    socket.announced = socket.loop.cause if announced is None else announced


def _give_up(socket: ReconnectingSocket, code: int) -> None:
    socket.machine.to("closing")
    end(socket, code)


def end(socket: ReconnectingSocket, code: int) -> None:
    """It is closed for good: requests are lost, and its owner is told why it has ended."""
    if socket.is_over:  # dropped meanwhile
        return
    reason = closes.reason(code, socket.closing, socket.reconnects, socket.page.deviate)
    outage = socket.announced if socket.outage else None
    socket.finish(code)
    if socket.requests.fail(retried=True, throws=lambda *lost: throws(socket, *lost)):
        socket.owner.ended(socket, reason, None if outage == socket.loop.cause else outage)


def throws(socket: ReconnectingSocket, left: int, asked: int | None) -> bool:
    """Whether the client throws where a request for a stream, which that record has made, is lost:
    what is left is untold, the end of the session, too.

    Of a removed connection that has been told already, so that it matters only if other requests
    are ``left`` (recording m20_removed_with_requests_open); and the next session is spared
    (recording m20_removed_publishing_and_connected_again).
    """
    if socket.removed and not left:
        return socket.page.profile.has(quirks.END_UNTOLD)
    return socket.page.deviate_aside(quirks.END_UNTOLD, asked)
