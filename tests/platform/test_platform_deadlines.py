"""The heap of deadlines, against a list that is sorted every time."""

from hypothesis import given
from hypothesis import strategies as st

from sim.platform.deadlines import Alarm, Deadline, Deadlines

NAMES = st.sampled_from("abcde")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 50), NAMES),
        st.tuples(st.just("cancel"), st.just(0), NAMES),
        st.tuples(st.just("due"), st.integers(0, 50), NAMES),
        st.tuples(st.just("copy"), st.just(0), NAMES),
    ),
    max_size=60,
)


@given(STEPS)
def test_they_come_up_in_the_order_of_time_then_of_making(steps) -> None:
    deadlines, model, made = Deadlines(), [], 0
    for what, time, name in steps:
        if what in ("set", "cancel"):
            model = [entry for entry in model if entry.name != name]
        if what == "set":
            made += 1
            deadlines.set(time, Alarm.GRACE, name)
            model = sorted([*model, Deadline(time, made, Alarm.GRACE, name)])
        elif what == "cancel":
            deadlines.cancel(Alarm.GRACE, name)
        elif what == "copy":
            saved = deadlines.snapshot()
            assert saved == (made, tuple(model))
            deadlines = Deadlines()
            deadlines.restore(saved)
        else:
            expected = model.pop(0) if model and model[0].time <= time else None
            assert deadlines.due(time) == expected
        assert deadlines.earliest() == (model[0].time if model else None)


def test_one_alarm_of_one_name_is_pending_once() -> None:
    deadlines = Deadlines()
    deadlines.set(1, Alarm.SILENCE, "a")
    deadlines.set(5, Alarm.SILENCE, "a")
    deadlines.set(3, Alarm.IDLE, "a")
    assert [deadlines.due(9).time for _ in range(2)] == [3, 5]
    assert deadlines.due(9) is None


def test_cancelling_what_has_come_up_changes_nothing() -> None:
    deadlines = Deadlines()
    deadlines.cancel(Alarm.SILENCE, "a")
    deadlines.set(1, Alarm.SILENCE, "a")
    deadlines.set(2, Alarm.SILENCE, "b")
    assert deadlines.due(1).name == "a"
    deadlines.cancel(Alarm.SILENCE, "a")
    assert deadlines.due(2).name == "b"


def test_cancelled_deadlines_do_not_pile_up() -> None:
    deadlines = Deadlines()
    for number in range(10):
        deadlines.set(1_000, Alarm.IDLE, f"kept{number}")
    for time in range(10_000):
        deadlines.set(2_000 + time, Alarm.IDLE, "gone")
        deadlines.cancel(Alarm.IDLE, "gone")
    assert len(deadlines) < 200
    assert [deadlines.due(1_000).name for _ in range(10)] == [f"kept{n}" for n in range(10)]
    assert deadlines.earliest() is None
