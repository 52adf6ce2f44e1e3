"""Random lives of a platform as tapes: the calls that a driver made, to be made again."""

from hypothesis import strategies as st
from platform_stage import Stage

from sim.platform import Platform, PlatformSettings
from sim.protocol.frames import Disconnect
from sim.protocol.units import SECOND

CALLS = (
    "opened", "closed", "receive", "silent", "wake", "close_socket", "expire_grace", "rotate",
    "remove_idle", "server_force_disconnect", "server_signal", "answer_next",
)  # fmt: skip
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "leave_order": st.sampled_from(["stream-first", "connection-first", "connection-only"]),
        "force_ack": st.sampled_from(["ack-first", "ack-last"]),
        "when_gone": st.sampled_from(["tell", "close"]),
        "expired": st.sampled_from(["close", "tell", "ignore"]),
        "close_victims_socket": st.booleans(),
        "speaks_first_on_reconnect": st.booleans(),
        "replay": st.booleans(),
        "media_idle": st.sampled_from([None, 25 * SECOND]),
        "announce_after": st.sampled_from([0, 2 * SECOND]),
        "remember_gone": st.sampled_from([0, 30 * SECOND]),
        "grace": st.sampled_from([0, 20 * SECOND]),
    },
)
PEOPLE = ("alice", "bob", "carol")

ACTS = {
    "join": lambda stage, who, number: stage.join(
        who, ("moderator", "publisher")[number % 2], generation=number + 1
    ),
    "publish": lambda stage, who, number: _with(stage, who, lambda p: stage.publish(p, number)),
    "unpublish": lambda stage, who, number: _ask(
        stage, who, "delete", "stream", lambda p: {"id": f"{p.connection}.{number}"}
    ),
    "subscribe": lambda stage, who, number: _ask(
        stage, who, "create", "subscriber", lambda p: {"id": "s", "stream": _any(stage, number)}
    ),
    "signal": lambda stage, who, number: _with(stage, who, lambda p: stage.signal(p, f"s{number}")),
    "kick": lambda stage, who, number: _with(
        stage, who, lambda p: stage.kick(p, _other(stage, number))
    ),
    "mute": lambda stage, who, number: _ask(
        stage, who, "update", "session", lambda p: {"reason": "mute", "active": number % 2 == 0}
    ),
    "toggle": lambda stage, who, number: _ask(
        stage, who, "update", "channel",
        lambda p: {"stream": f"{p.connection}.{number}", "channel": "audio1", "active": False},
    ),
    "leave": lambda stage, who, number: _with(stage, who, stage.leave),
    "cut": lambda stage, who, number: _with(stage, who, stage.cut),
    "resume": lambda stage, who, number: _with(stage, who, stage.resume),
    "move": lambda stage, who, number: _with(
        stage, who, lambda p: stage.deliver(p, Disconnect(True, None))
    ),
    "deaf": lambda stage, who, number: _with(stage, who, lambda p: setattr(p, "hears", False)),
    "close": lambda stage, who, number: stage.platform.close_socket(who, 1000, stage.now),
    "expire": lambda stage, who, number: stage.platform.expire_grace(who, stage.now),
    "idle": lambda stage, who, number: stage.platform.remove_idle(who, stage.now),
    "rotate": lambda stage, who, number: stage.platform.rotate(
        who, stage.now, migrate=number % 2 == 0
    ),
    "server": lambda stage, who, number: stage.platform.server_signal(f"x{number}", stage.now),
    "given": lambda stage, who, number: stage.platform.answer_next(who, 500),
    "wait": lambda stage, who, number: stage.wait(number * 3 * SECOND),
    "alive": lambda stage, who, number: _with(
        stage, who, lambda p: stage.wait_alive(number * 3 * SECOND, p)
    ),
}  # fmt: skip
OPENING = [
    ("join", "alice", 0),
    ("join", "bob", 1),
    ("publish", "alice", 1),
    ("publish", "bob", 1),
    ("subscribe", "alice", 1),
]
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(PEOPLE), st.integers(0, 4)),
    min_size=5,
    max_size=40,
).map(OPENING.__add__)


def _with(stage, who, act):
    theirs = [person for person in stage.people.values() if person.name == who]
    if theirs:
        act(theirs[-1])


def _ask(stage, who, method, resource, content):
    _with(stage, who, lambda person: stage.ask(person, method, resource, **content(person)))


def _any(stage, number):
    streams = [*stage.platform.streams(), "nostream"]
    return streams[number % len(streams)]


def _other(stage, number):
    present = [*stage.platform.present(), "nobody"]
    return present[number % len(present)]


def _recording(name):
    def call(self, *args, **named):
        if not self.nested:
            self.tape.append((name, args, named))
        self.nested += 1
        try:
            return getattr(Platform, name)(self, *args, **named)
        finally:
            self.nested -= 1

    return call


class Recorded(Platform):
    """A platform that writes down which calls its driver makes."""

    def __init__(self, journal, settings):
        super().__init__(journal, settings)
        self.tape, self.nested = [], 0


for _name in CALLS:
    setattr(Recorded, _name, _recording(_name))


def tape(steps, settings):
    """The calls that a stage makes when it plays these steps, and the time at their end."""
    stage = Stage(**settings)
    stage.platform = Recorded(stage.journal, PlatformSettings(**settings))
    for act, who, number in steps:
        if not (act == "join" and f"{who}#{number + 1}" in stage.people):
            ACTS[act](stage, who, number)
            stage.pump()
    return stage.platform.tape, stage.now


class Player:
    """Plays tapes on a platform of its own; numbers records from ``number`` on."""

    def __init__(self, settings, number=0):
        self.number = number
        self.records = []
        self.platform = Platform(self.journal, PlatformSettings(**settings))

    def journal(self, *record):
        self.number += 1
        self.records.append((self.number, *record))
        return self.number

    def play(self, calls):
        """Everything that comes of the calls: records, outputs, what is asked and answered."""
        said, before = [], len(self.records)
        for name, args, named in calls:
            result = getattr(self.platform, name)(*args, **named)
            said.append((result, list(self.platform.outputs), self.platform.next_deadline()))
            self.platform.outputs.clear()
        return said, self.records[before:]
