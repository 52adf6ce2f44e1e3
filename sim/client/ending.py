"""How a session ends at the client that leaves it: quietly first, then told one turn later.

Source: spec/opentok-js-2.35.2.md, sections 2.2, 2.3, 2.4, 2.11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.client import unpublishing
from sim.client.calls import Call
from sim.client.events import Event
from sim.protocol import quirks, reasons
from sim.protocol.errors import error

if TYPE_CHECKING:
    from sim.client.membership import Membership
    from sim.client.publication import Publication
    from sim.client.subscription import Subscription


def disconnect(session: Membership, call: Call) -> None:
    """The app's ``disconnect()``: what it does depends on the state (sections 2.2 and 8, 7)."""
    with session.page.loop.because(call.record):
        if session.state == "connecting":
            connect, session.unconnected = session.unconnected, call.record
            _call_off(session, call, connect)
        elif session.state == "disconnected" or session.is_without_connection:
            session.forget_everybody()
            session.machine.to("disconnected")
            call.finish()
        else:
            session.events.add("sessionDisconnected", call.number, once=True)
            if session.state != "disconnecting":
                session.unconnected = call.record
                _close(session, call)


def _close(session: Membership, call: Call) -> None:
    session.machine.to("disconnecting")
    if session.socket is not None:
        session.socket.say_goodbye()
        if not session.socket.close():
            call.finish(error("disconnect", "reconnecting"))


def _call_off(session: Membership, call: Call, connect: int | None) -> None:
    """Stop connecting. In the shipped client that does not end once there is a socket (a quirk):
    no ``sessionDisconnected`` is to come, and the promise waits for one.

    ``connect``, of that record, is told so; in the shipped client only if its request to join is
    under way.
    """
    socket, deviate = session.socket, session.page.deviate
    session.joining.stop()
    if socket is not None and deviate(quirks.OPENING_STUCK, connect):
        session.events.add("sessionDisconnected", call.number, once=True)
        session.machine.to("disconnecting")
        socket.say_goodbye()
        socket.close()
        return
    joining = socket is not None and socket.was_open
    if (socket := session.sockets.take()) is not None:
        socket.say_goodbye()
        socket.drop()
    session.machine.to("disconnected")
    if joining or not deviate(quirks.UNANSWERED, connect):
        session.fail_connects(error("connect", "create other"))
    call.finish()


def removed(session: Membership, reason: str, besides: int | None = None) -> None:
    """The platform has deleted the own connection (section 2.4).

    Its socket is closed as by :func:`disconnect`, and what it was asked fails when it is.
    ``besides`` is a record that explains that together with its cause.
    """
    if (socket := session.socket) is not None:
        session.sockets.let_go()
        socket.removed = True
        socket.say_goodbye()
        socket.close()
    is_late = session.back_at == session.page.loop.now
    ended(session, reason, besides or (session.outage if is_late else None))


def cut_short(session: Membership) -> None:
    """The app connects again before it has disconnected: end the old connection now.

    In the shipped client (a quirk) it is only forgotten; see :func:`swallowed`.
    """
    if session.page.profile.has(quirks.SWALLOWED):
        return
    if (socket := session.sockets.take()) is not None:
        with session.page.loop.because(session.unconnected):
            socket.say_goodbye()
            ended(session, reasons.CLIENT_DISCONNECTED)
            socket.drop(answer=True)


def swallowed(session: Membership, disconnect: int | None) -> None:
    """The app has connected again though an old socket, of what that record has ended, is there:
    the shipped client lets it go on closing, and does not tell the end.
    """
    if session.socket is not None and session.page.deviate(quirks.SWALLOWED, disconnect):
        session.sockets.let_go()


def ended(session: Membership, reason: str, besides: int | None = None) -> None:
    """Forget everybody without an event; tell the app in the next turn (section 2.2, 2 and 3).

    ``besides`` is a record that explains the end together with its cause: of an outage and a
    removal, or of two faults, one decides the reason, and the other has its part in it.
    """
    own, told = session.own, reasons.REWRITTEN.get(reason, reason)
    session.forget_everybody()
    session.machine.to("disconnected")
    for publisher in session.publishers:
        publisher.stop_sending()
    for subscriber in list(session.subscribers):
        subscriber.disconnect()
    page = session.page
    session.telling, session.unconnected, session.besides = True, page.loop.cause, besides
    page.loop.later(page.timers.turn, session.key, "end", (told, own))


def tell(session: Membership, reason: str, own: str | None) -> None:
    """Tell the app that the session has ended, and clean up after it."""
    session.telling = False
    publishers, subscribers = list(session.publishers), list(session.subscribers)
    session.publishers.clear()
    current, session.own = session.own, own
    session.dispatch(
        "sessionDisconnected",
        lambda event: _clean_up(session, event, publishers, subscribers),
        besides=session.besides,
        reason=reason,
    )
    if session.own == own and current != own:
        session.own = current


def _clean_up(
    session: Membership,
    event: Event,
    publishers: list[Publication],
    subscribers: list[Subscription],
) -> None:
    """The default action: Publishers follow their own events, Subscribers this one (rule 5)."""
    if session.state == "disconnected":  # or else a listener has connected again
        session.unconnected = event.record
    for publisher in publishers:
        unpublishing.session_ended(publisher, event.reason)
    if not event.is_default_prevented():
        for subscriber in subscribers:
            subscriber.destroy(event.reason)
    else:
        for subscriber in subscribers:
            subscriber.kept = event.prevention


def unload(session: Membership) -> None:
    """Close the tab: Publishers say goodbye, Subscribers go quietly, no end is told."""
    for publisher in list(session.page.publishers):
        unpublishing.unload(publisher)
    for subscriber in session.subscribers:
        content = {"id": subscriber.label, "stream": subscriber.stream.id}
        session.request("delete", "subscriber", content)
    if session.socket is not None:
        session.socket.say_goodbye()
    if session.state in ("connected", "connecting"):
        session.machine.to("disconnecting")
    session.sockets.forget()
