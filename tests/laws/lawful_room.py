"""A small room that behaves: it writes the trace of what people do, as the contract says.

No simulator: every frame takes 20 ms, a link is up or down, and the platform is one object. Tests
take its lawful stories and spoil them.
"""

import heapq
from itertools import count

from sim.laws import Laws
from sim.protocol.names import connection_of
from sim.protocol.roles import ROLES
from sim.trace import Bounds, Header, Person, Record

SECOND = 1_000_000
BOUNDS = Bounds()
HOP = 20_000
TURN = 1_000


class Member:
    """One client and what the platform has of it."""

    def __init__(self, name):
        self.name = name
        self.own = None
        self.state = "away"  # away, connected, reconnecting
        self.joined = False
        self.lost = False
        self.link = True
        self.fault = None
        self.inbox = []
        self.subscribers = {}
        self.owns = {}
        self.calls = {}  # open ones: number → name
        self.quiet = set()  # those of signals that are not to be sent again
        self.labels = count()
        self.stream = None
        self.generations = 0
        self.streams_made = 0
        self.signals_made = 0
        self.fate = None
        self.dead = False

    @property
    def hears(self):
        return self.link and self.state == "connected"


class LawfulRoom:
    """``records`` is the trace so far; ``now`` the time in microseconds.

    Those of ``prevents`` prevent the default of the end, ``by_code`` or as the header says.
    """

    def __init__(self, roles=(), *, prevents=(), promises=None, by_code=()):
        self.records = []
        self.now = 0
        self._queue = []
        self._order = count()
        self._epochs = {}
        self.members = {}
        self.room = []  # connections, in the platform's order
        self.streams = []
        roles = dict(roles) or {"alice": "moderator", "bob": "publisher", "carol": "subscriber"}
        self.prevents = prevents
        self.promises = promises or {}
        self.header = Header(
            people={
                name: Person(
                    role,
                    tuple(ROLES[role]),
                    {"clean-up-after": self.promises.get(name)},
                    ("sessionDisconnected",) if name in {*prevents} - {*by_code} else (),
                )
                for name, role in roles.items()
            },
            bounds=BOUNDS,
        )
        for name in roles:
            self.members[name] = Member(name)

    # -- writing -----------------------------------------------------------------------------

    def note(self, client, object, kind, name, cause=None, **data):
        number = len(self.records) + 1
        self.records.append(
            Record(self.now, number, client, object, kind, name, data, cause or None)
        )
        return number

    def event(self, member, name, cause=None, object="session", own=None, **data):
        if data.get("stream"):
            data["connection"] = connection_of(data["stream"])
        page = {"publishers": 0, "subscribers": len(member.subscribers)}
        more = {"cancelable": True, "page": page, "state": "", "own": own or member.own}
        return self.note(member.name, object, "event", name, cause, **data, **more)

    def call(self, me, name, cause=None, **data):
        """A call that promises an answer."""
        number = self.note(me.name, "session", "call", name, cause, **data)
        me.calls[number] = name
        return number

    def answer(self, me, call, cause, error=None, code=None):
        """Answer a call, if that has not been done and its page is there."""
        name = me.calls.pop(call, None)
        if name is not None:
            how = {"ok": False, "error": error, "code": code} if error else {"ok": True}
            self.note(me.name, "session", "callback", name, cause, call=call, **how)
        return self

    def later(self, delay, action):
        heapq.heappush(self._queue, (self.now + delay, next(self._order), action))

    def wait(self, seconds):
        """Let time pass."""
        until = self.now + round(seconds * SECOND)
        while self._queue and self._queue[0][0] <= until:
            self.now, _, action = heapq.heappop(self._queue)
            action()
        self.now = until
        return self

    # -- what clients do ---------------------------------------------------------------------

    def join(self, name):
        me = self.members[name]
        if me.state != "away" or me.joined or not me.link:
            return self
        me.generations += 1
        me.own, me.dead, me.inbox = f"{name}#{me.generations}", False, []
        me.streams_made = me.signals_made = 0
        call = self.call(me, "connect", connection=me.own, by="script")
        joined = self.platform(me, "joined", call, role="publisher")
        me.joined, me.lost, me.state = True, False, "joining"
        self.room.append(me)
        shown = [other.own for other in self.room], list(self.streams)
        self._tell(me, joined, lambda: self._connected(me, call, joined, *shown))
        for other in self.room:
            if other is not me:
                self._announce(other, joined, "connectionCreated", connection=me.own)
        return self

    def _connected(self, me, call, joined, connections, streams):
        me.state = "connected"
        event = self.event(me, "sessionConnected", joined)
        self.answer(me, call, event)
        for connection in connections:
            self.event(me, "connectionCreated", joined, connection=connection)
        for stream in streams:
            self._stream_created(me, joined, stream)

    def publish(self, name):
        me = self.members[name]
        if not me.hears or not me.joined or me.stream:
            return self
        call = self.call(me, "publish", publisher="publisher", by="script")
        if name in self.header.people and "publish" not in self.header.people[name].capabilities:
            return self.answer(me, call, call, "OT_PERMISSION_DENIED", 1500)
        me.streams_made += 1
        me.stream = f"{me.own}.{me.streams_made}"
        self.streams.append(me.stream)
        published = self.platform(me, "published", call, stream=me.stream)
        stream = me.stream

        self.note(me.name, "page", "state", "inserted", call, element="publisher")

        def created():
            if me.stream == stream:
                self.event(me, "streamCreated", published, "publisher", stream=stream)
                self.answer(me, call, published)

        self._tell(me, published, created)
        self.later(15 * SECOND, lambda: self.answer(me, call, call, "OT_TIMEOUT", 1500))
        for other in self.room:
            if other is not me:
                self._announce(other, published, "streamCreated", stream=stream)
        return self

    def _stream_created(self, me, cause, stream):
        event = self.event(me, "streamCreated", cause, stream=stream)
        label = f"subscriber({stream.partition('#')[0]})#{next(me.labels)}"
        call = self.call(me, "subscribe", event, subscriber=label, stream=stream, by="app")
        self.note(me.name, "page", "state", "inserted", call, element=label)
        self.answer(me, call, call)
        me.subscribers[label] = stream
        me.owns[label] = me.own

    def unsubscribe(self, name):
        me = self.members[name]
        for label in list(me.subscribers)[:1]:
            call = self.note(name, "session", "call", "unsubscribe", subscriber=label, by="script")
            self._destroy(me, label, "Unsubscribe", call)
        return self

    def unpublish(self, name):
        me = self.members[name]
        if me.hears and me.stream:
            data = {"publisher": "publisher", "by": "script"}
            call = self.note(name, "session", "call", "unpublish", **data)
            self._publisher_ends(me, "unpublished", call)
            self._end_stream(me, "clientDisconnected", call)
        return self

    def signal(self, name, *, retry=True):
        me = self.members[name]
        if not me.hears and (retry or me.state != "reconnecting"):
            return self
        me.signals_made += 1
        signal = f"{me.own}/s{me.signals_made}"
        call = self.call(me, "signal", signal=signal, retry=retry, by="script")
        if not me.hears:
            return self.answer(me, call, call, "OT_NOT_CONNECTED", 500)
        if not retry:
            me.quiet.add(call)
        if me.joined:
            self._tell(me, call, lambda: self.answer(me, call, call))
            for other in self.room:
                data = {"signal": signal, "from": me.own}
                self._announce(other, call, "signal", **data)
        return self

    def leave(self, name):
        me = self.members[name]
        if me.state not in ("connected", "reconnecting") or me.dead:
            return self
        call = self.call(me, "disconnect", by="script")
        self.note(name, "session", "state", "disconnecting", call, **{"from": "connected"})
        heard, me.state, me.fate = me.hears, "ending", None
        me.inbox.clear()
        self.later(TURN, lambda: self._end_session(me, "clientDisconnected", call))
        if heard:
            self.later(
                HOP, lambda epoch=me.own: self._remove(me, epoch, "clientDisconnected", call)
            )
        else:
            self._vanish(me)
        return self

    def close(self, name):
        me = self.members[name]
        if me.state == "connected" and me.link:
            call = self.note(name, "browser", "call", "closeBrowser", by="script")
            if me.stream:
                self.event(
                    me, "streamDestroyed", call, "publisher", stream=me.stream, reason="reset"
                )
            self._dead(me)
            self.later(
                HOP, lambda epoch=me.own: self._remove(me, epoch, "clientDisconnected", call)
            )
        return self

    def crash(self, name):
        me = self.members[name]
        if me.state in ("connected", "reconnecting"):
            self.note(name, "browser", "fault", "crash")
            self._dead(me)
            self._vanish(me)
        return self

    def _dead(self, me):
        me.state, me.dead, me.fate = "away", True, None
        me.inbox.clear()
        me.calls.clear()
        me.subscribers.clear()

    # -- moderation --------------------------------------------------------------------------

    def kick(self, by, name):
        moderator, me = self.members[by], self.members[name]
        if not moderator.hears or not me.joined or me.dead:
            return self
        target = me.own
        call = self.call(moderator, "forceDisconnect", connection=target, by="script")
        if self._denied(moderator, "forceDisconnect", 1520, call):
            return self
        accepted = self.note(
            by,
            "platform",
            "decision",
            "accepted",
            call,
            command="forceDisconnect",
            target=target,
            by=moderator.own,
        )
        self._remove(me, target, "forceDisconnected", accepted)
        me.fate = accepted
        self._tell(me, accepted, lambda: self._expelled(me, accepted))
        self._tell(moderator, accepted, lambda: self.answer(moderator, call, accepted))
        return self

    def _expelled(self, me, cause):
        if me.fate == cause and me.state == "connected":
            me.fate = None
            self.note(me.name, "session", "state", "disconnected", cause, **{"from": "connected"})
            me.state = "ending"
            self.later(TURN, lambda: self._end_session(me, "forceDisconnected", cause))

    def stop(self, by, name):
        """The moderator ends somebody's stream."""
        moderator, me = self.members[by], self.members[name]
        if not moderator.hears or not me.stream or not me.hears:
            return self
        call = self.call(moderator, "forceUnpublish", stream=me.stream, by="script")
        if self._denied(moderator, "forceUnpublish", 1530, call):
            return self
        accepted = self.note(
            by,
            "platform",
            "decision",
            "accepted",
            call,
            command="forceUnpublish",
            target=me.stream,
            by=moderator.own,
        )
        self._publisher_ends(me, "forceUnpublished", accepted)
        self._end_stream(me, "forceUnpublished", accepted)
        self._tell(moderator, accepted, lambda: self.answer(moderator, call, accepted))
        return self

    def _denied(self, me, call_name, code, call):
        if call_name in self.header.people[me.name].capabilities:
            return False
        self.answer(me, call, call, "OT_PERMISSION_DENIED", code)
        return True

    # -- the network -------------------------------------------------------------------------

    def cut(self, name):
        """The link goes down; the client notices after 5.9 s, the platform after 10 s."""
        me = self.members[name]
        if me.link and me.state in ("connected", "away"):
            me.link = False
            me.fault = self.note(
                name, "network", "fault", "down", direction="both", mode="blackhole"
            )
            if me.state == "connected":
                fault = me.fault
                self.later(BOUNDS.silence, lambda: self._silent(me, fault))
                if me.joined:
                    self.later(BOUNDS.detection, lambda: self._noticed(me, fault))
        return self

    def _silent(self, me, fault):
        if me.state == "connected" and me.fault == fault:
            for call in sorted(me.quiet):
                self.answer(me, call, fault, "OT_NOT_CONNECTED", 500)
            me.quiet.clear()
            me.state = "reconnecting"
            event = self.event(me, "sessionReconnecting", fault)
            self.later(BOUNDS.window, lambda: self._gave_up(me, event))
            me.outage = event

    def _gave_up(self, me, event):
        if me.state == "reconnecting" and me.outage == event:
            me.fate = None
            self.note(me.name, "session", "state", "disconnected", event, **{"from": "connected"})
            me.state = "ending"
            me.inbox.clear()
            self.later(TURN, lambda: self._end_session(me, "networkDisconnected", event))

    def _noticed(self, me, fault):
        if me.fault == fault and me.joined and not me.lost:
            self._lose(me, fault)

    def _vanish(self, me):
        """Nothing more comes from this client."""
        if me.joined and not me.lost:
            epoch = me.own
            self.later(BOUNDS.detection, lambda: self._lose(me, None, epoch))

    def _lose(self, me, cause, epoch=None):
        if not me.joined or me.lost or (epoch and me.own != epoch):
            return
        me.lost = True
        lost, epoch = self.platform(me, "lost", cause), me.own

        def expire():
            if me.lost and me.own == epoch and self._epochs.get(epoch) == lost:
                self._remove(me, epoch, "networkDisconnected", lost)

        self._epochs[epoch] = lost
        self.later(BOUNDS.grace, expire)

    def mend(self, name):
        """The link is up again."""
        me = self.members[name]
        if me.link:
            return self
        me.link, me.fault = True, None
        up = self.note(name, "network", "fault", "up", direction="both")
        if me.state == "reconnecting":
            if me.joined and not me.lost:
                self._lose(me, up)
            if me.lost:
                me.lost = False
                self.platform(me, "back", up, missed=len(me.inbox))
            if me.joined or me.fate:
                me.state = "connected"
                self.event(me, "sessionReconnected", up)
                self._pump(me)
        elif me.state == "connected":
            if me.lost:
                me.lost = False
                self.platform(me, "back", up, missed=len(me.inbox))
            self._pump(me)
        return self

    # -- the platform ------------------------------------------------------------------------

    def platform(self, me, name, cause, **data):
        return self.note(me.name, "platform", "state", name, cause, connection=me.own, **data)

    def _remove(self, me, epoch, reason, cause):
        if not me.joined or me.own != epoch:
            return
        if me.stream:
            self._end_stream(me, reason, cause)
        left = self.platform(me, "left", cause, reason=reason)
        me.joined, me.lost = False, False
        self.room.remove(me)
        for other in self.room:
            data = {"connection": epoch, "reason": reason}
            self._announce(other, left, "connectionDestroyed", **data)

    def _end_stream(self, me, reason, cause):
        stream, me.stream = me.stream, None
        ended = self.platform(me, "unpublished", cause, stream=stream, reason=reason)
        self.streams.remove(stream)
        for other in self.room:
            if other is not me:
                data = {"stream": stream, "reason": reason}
                self._announce(other, ended, "streamDestroyed", **data)

    def _tell(self, me, cause, action):
        me.inbox.append((me.own, action))
        self.later(HOP, lambda: self._pump(me, 1))

    def _announce(self, me, cause, name, **data):
        def dispatch():
            if name == "streamCreated":
                self._stream_created(me, cause, data["stream"])
                return
            event = self.event(me, name, cause, **data)
            if name == "streamDestroyed":
                for label in [k for k, v in me.subscribers.items() if v == data["stream"]]:
                    self._destroy(me, label, data["reason"], event)

        self._tell(me, cause, dispatch)

    def _pump(self, me, most=1_000_000):
        if not me.link or me.state not in ("connected", "joining"):
            return
        while me.inbox and most:
            own, action = me.inbox.pop(0)
            most -= 1
            if own == me.own and me.state in ("connected", "joining"):
                action()

    # -- ends --------------------------------------------------------------------------------

    def _end_session(self, me, reason, cause):
        own = me.own
        for call, name in list(me.calls.items()):
            if name != "disconnect":
                self.answer(me, call, cause, "OT_NOT_CONNECTED", 500)
        event = self.event(me, "sessionDisconnected", cause, reason=reason)
        kept = me.name in self.prevents
        if kept:
            self.note(
                me.name, "session", "call", "preventDefault", event, event="sessionDisconnected"
            )
        if me.stream:
            self._publisher_ends(me, reason, event)
        labels = list(me.subscribers)
        if not kept:
            for label in labels:
                self._destroy(me, label, reason, event)
        elif (after := self.promises.get(me.name)) is not None:
            self.later(after, lambda: self._clean_up(me, labels, event))
        for call in list(me.calls):
            self.answer(me, call, event)
        me.state = "away"
        me.inbox.clear()
        if me.joined and me.own == own and reason == "networkDisconnected":
            self._vanish(me)

    def _clean_up(self, me, labels, cause):
        for label in labels:
            if label in me.subscribers:
                data = {"subscriber": label, "by": "app"}
                call = self.note(me.name, "session", "call", "unsubscribe", cause, **data)
                self._destroy(me, label, "Unsubscribe", call)

    def _publisher_ends(self, me, reason, cause):
        event = self.event(
            me, "streamDestroyed", cause, "publisher", stream=me.stream, reason=reason
        )
        self.note(me.name, "page", "state", "removed", event, element="publisher")
        self.event(me, "destroyed", event, "publisher")

    def _destroy(self, me, label, reason, cause):
        del me.subscribers[label]
        self.note(me.name, "page", "state", "removed", cause, element=label)
        self.event(me, "destroyed", cause, label, me.owns[label], reason=reason)

    # -- judging -----------------------------------------------------------------------------

    def verdicts(self, names=None, ended=None):
        return judge(self.header, self.records, names, self.now if ended is None else ended)


def judge(header, records, names=None, ended=None):
    """The verdicts over records; without ``ended`` an hour after the last of them."""
    laws = Laws(header, names)
    last = 0
    for record in records:
        laws(record)
        last = record.time
    return laws.finish(last + 3600 * SECOND if ended is None else ended)
