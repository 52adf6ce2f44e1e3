"""Whatever happens, in whatever order: what the platform says stays true.

A state machine drives one platform and a handful of clients over a network that loses either
direction, resets sockets with and without the platform noticing, and takes its time.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)
from platform_stage import Person, Stage

from sim.platform import Presence, Send
from sim.protocol.frames import PING, Disconnect, Message, Status
from sim.protocol.roles import ROLES
from sim.protocol.units import SECOND

CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "leave_order": st.sampled_from(["stream-first", "connection-first", "connection-only"]),
        "force_ack": st.sampled_from(["ack-first", "ack-last"]),
        "signal_ack": st.sampled_from(["ack-first", "ack-last"]),
        "when_gone": st.sampled_from(["tell", "close"]),
        "tell_victim_of_own_stream": st.booleans(),
        "close_victims_socket": st.booleans(),
        "speaks_first_on_reconnect": st.booleans(),
        "signal_echo": st.booleans(),
        "media_idle": st.sampled_from([None, 25 * SECOND]),
        "connection_limit": st.sampled_from([None, 3]),
    },
)
PEOPLE = ["alice", "bob", "carol", "dave"]


class Sessions(RuleBasedStateMachine):
    """Clients come, go, talk, moderate, fall silent and come back."""

    people = Bundle("people")

    @initialize(choices=CHOICES)
    def begin(self, choices: dict) -> None:
        self.stage = Stage(detection=10 * SECOND, grace=20 * SECOND, **choices)
        self.platform = self.stage.platform
        self.generations = Counter()
        self.streams = Counter()
        self.signals = 0

    @property
    def alive(self) -> list[Person]:
        return [one for one in self.stage.people.values() if one.ended is None and not one.left]

    # ------------------------------------------------------------------------ what they do

    @rule(target=people, name=st.sampled_from(PEOPLE), role=st.sampled_from(list(ROLES)),
          suppressed=st.booleans(), hears=st.booleans())  # fmt: skip
    def connect(self, name: str, role: str, suppressed: bool, hears: bool) -> Person:
        self.generations[name] += 1
        person = self.stage.enter(
            name, role, suppressed=suppressed, generation=self.generations[name]
        )
        person.hears = hears
        content = {
            "id": person.connection, "client": name, "role": role, "suppressed": suppressed,
        }  # fmt: skip
        self.stage.ask(person, "create", "connection", **content)
        return person

    @rule(person=consumes(people))
    def leave(self, person: Person) -> None:
        self.stage.leave(person)

    @rule(person=people)
    def publish(self, person: Person) -> None:
        self.streams[person.connection] += 1
        self.stage.publish(person, self.streams[person.connection])

    @rule(person=people, data=st.data())
    def delete_stream(self, person: Person, data: st.DataObject) -> None:
        stream = data.draw(st.sampled_from([*self.platform.streams(), "nostream"]))
        self.stage.ask(person, "delete", "stream", id=stream)

    @rule(person=people, data=st.data(), name=st.sampled_from(["sub1", "sub2"]),
          method=st.sampled_from(["create", "delete"]))  # fmt: skip
    def subscribe(self, person: Person, data: st.DataObject, name: str, method: str) -> None:
        stream = data.draw(st.sampled_from([*self.platform.streams(), "nostream"]))
        self.stage.ask(person, method, "subscriber", id=name, stream=stream)

    @rule(person=people, data=st.data())
    def signal(self, person: Person, data: st.DataObject) -> None:
        self.signals += 1
        to = data.draw(st.sampled_from([None, "nobody", *self.platform.present()]))
        self.stage.signal(person, f"s{self.signals}", **({} if to is None else {"to": to}))

    @rule(person=people, data=st.data())
    def kick(self, person: Person, data: st.DataObject) -> None:
        self.stage.kick(person, data.draw(st.sampled_from(["nobody", *self.platform.present()])))

    @rule(person=people, active=st.booleans())
    def mute(self, person: Person, active: bool) -> None:
        self.stage.ask(person, "update", "session", reason="mute", active=active)

    # --------------------------------------------------------------- what happens to them

    @rule(person=people, hears=st.booleans(), speaks=st.booleans())
    def weather(self, person: Person, hears: bool, speaks: bool) -> None:
        """A socket that has lost something in a direction carries nothing more in it (TCP)."""
        person.hears, person.speaks = person.hears and hears, person.speaks and speaks

    @rule(person=people, loses=st.booleans())
    def lose_acknowledgements(self, person: Person, loses: bool) -> None:
        person.acknowledges = not loses

    @rule(person=people)
    def cut(self, person: Person) -> None:
        self.stage.cut(person)

    @rule(person=people)
    def resume(self, person: Person) -> None:
        if person.ended is None:
            self.stage.resume(person)

    @rule(person=people)
    def change_sockets(self, person: Person) -> None:
        self.stage.deliver(person, Disconnect(True, None))

    @rule(person=people)
    def app_server_disconnects(self, person: Person) -> None:
        self.platform.server_force_disconnect(person.connection, self.stage.now)
        self.stage.pump()

    @rule(person=people)
    def close_socket(self, person: Person) -> None:
        self.platform.close_socket(person.connection, 1000, self.stage.now)
        self.stage.pump()

    @rule(person=people)
    def grace_expires(self, person: Person) -> None:
        self.platform.expire_grace(person.connection, self.stage.now)
        self.stage.pump()

    @rule(seconds=st.integers(0, 12))
    def time_passes(self, seconds: int) -> None:
        self.stage.wait_alive(seconds * SECOND, *(one for one in self.alive if one.socket))

    # --------------------------------------------------------------------- what stays true

    @invariant()
    def a_connection_is_joined_exactly_while_it_has_a_socket(self) -> None:
        carried = {peer.member for peer in self.platform._delivery.by_socket.values()}
        for member in self.platform.room.members.values():
            assert (member in carried) == (member.presence is Presence.JOINED)

    @invariant()
    def streams_belong_to_those_who_are_here(self) -> None:
        assert set(self.platform.streams().values()) <= set(self.platform.present())

    @invariant()
    def nothing_overdue_is_waiting(self) -> None:
        deadline = self.platform.next_deadline()
        assert deadline is None or deadline > self.stage.now

    @invariant()
    def the_journal_tells_one_life_of_each_connection(self) -> None:
        lives: dict[str, list[str]] = {}
        for _, name, data in self.stage.names("state"):
            if name in ("joined", "lost", "back", "left"):
                lives.setdefault(data["connection"], []).append(name)
        for connection, life in lives.items():
            assert life[0] == "joined"
            assert life.count("left") == (connection not in self.platform.present())
            assert "left" not in life[:-1]
            middle = [name for name in life[1:] if name != "left"]
            assert middle == (["lost", "back"] * len(middle))[: len(middle)]

    @invariant()
    def only_those_who_may_moderate(self) -> None:
        for client, name, data in self.stage.names("decision"):
            if name == "accepted" and client:
                assert self.stage.people[data["by"]].role == "moderator"

    @invariant()
    def causes_come_before_what_they_cause(self) -> None:
        assert all(cause is None or cause < number for number, *_, cause in self.stage.records)

    @precondition(lambda self: self.stage.people)
    @rule()
    def heal(self) -> None:
        """Everybody alive comes back: then all see what the platform sees."""
        for person in self.alive:
            person.acknowledges = True
            self.stage.resume(person)
            self.stage.ping(person)
        for person in self.alive:
            if person.socket is not None and person.connection in self.platform.present():
                self.check_view(person)

    def check_view(self, person: Person) -> None:
        assert person.unanswered == {}
        streams = set(self.platform.streams())
        untold = self.platform.settings.leave_order == "connection-only"
        assert person.streams >= streams if untold else person.streams == streams
        known, here = person.connections, set(self.platform.present())
        assert known <= here if person.suppressed else known == here
        signals = Counter(
            frame.content["id"] for frame in person.messages.values() if frame.resource == "signal"
        )
        assert not [name for name, times in signals.items() if times > 1]

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            self.heal()
            self.everybody_goes_and_nothing_is_left()

    def everybody_goes_and_nothing_is_left(self) -> None:
        for person in self.alive:
            self.stage.leave(person)
        self.stage.wait(700 * SECOND)
        assert self.platform.present() == {}
        assert self.platform.streams() == {}
        assert self.platform.next_deadline() is None
        self.stage.enter("stranger")
        assert len(self.platform._delivery.by_name) == 1


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_a_platform_that_does_not_replay_may_leave_a_wrong_view() -> None:
    """The view of one who comes back depends on the replay: the invariant above is not empty."""
    stage = Stage(replay=False)
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.cut(alice)
    stage.leave(bob)
    stage.resume(alice)
    assert alice.connections != set(stage.platform.present())


def test_the_same_story_gives_the_same_outputs_and_records() -> None:
    def tell() -> tuple[list[object], list[object]]:
        stage = Stage()
        people = [stage.join(name, "moderator") for name in PEOPLE]
        for person in people:
            stage.publish(person)
        stage.kick(people[0], "bob#1")
        stage.cut(people[2])
        stage.wait(60 * SECOND)
        return [frame for person in people for frame in person.heard], stage.records

    assert tell() == tell()


def test_pings_need_no_waking_and_leave_one_deadline_a_client() -> None:
    stage = Stage()
    alice = stage.join("alice")
    before = len(stage.platform.room.deadlines)
    for _ in range(1_000):
        stage.now += 2 * SECOND
        stage.platform.receive(alice.socket, PING, stage.now)
    assert len(stage.platform.room.deadlines) == before
    assert stage.platform.outputs == [Send(alice.socket, stage.platform.outputs[0].frame)] * 1_000
    stage.platform.wake(stage.now)
    assert list(stage.platform.present().values()) == [Presence.JOINED]


def test_every_message_is_a_request_or_a_notice_and_is_answered_once() -> None:
    stage = Stage()
    alice = stage.join("alice")
    bob = stage.join("bob")
    stage.publish(bob)
    for person in (alice, bob):
        answers = [frame.txn for frame in person.heard if isinstance(frame, Status)]
        assert answers == list(range(1, person.number + 1))
        notices = [frame.txn for frame in person.heard if isinstance(frame, Message)]
        assert notices == list(range(1, len(notices) + 1))
