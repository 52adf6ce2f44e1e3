"""The heap of deadlines, against a list that is sorted every time."""

from hypothesis import given
from hypothesis import strategies as st

from sim.platform.deadlines import Alarm, Deadlines

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 50)),
        st.tuples(st.just("cancel"), st.integers(0, 200)),
        st.tuples(st.just("due"), st.integers(0, 50)),
    ),
    max_size=60,
)


@given(STEPS)
def test_timers_come_up_in_the_order_of_time_then_of_making(steps) -> None:
    deadlines, model, timers = Deadlines(), [], []
    for number, (what, value) in enumerate(steps):
        if what == "set":
            timers.append(deadlines.set(value, Alarm.GRACE, str(number)))
            model.append((value, number, timers[-1]))
            model.sort(key=lambda entry: entry[:2])
        elif what == "cancel" and timers:
            timer = timers[value % len(timers)]
            deadlines.cancel(timer)
            model = [entry for entry in model if entry[2] is not timer]
        elif what == "due":
            expected = model.pop(0)[2] if model and model[0][0] <= value else None
            assert deadlines.due(value) is expected
        assert deadlines.earliest() == (model[0][0] if model else None)


def test_a_timer_may_be_put_back() -> None:
    deadlines = Deadlines()
    timer = deadlines.set(1, Alarm.SILENCE, "a")
    assert deadlines.due(1) is timer
    deadlines.again(5, timer)
    assert deadlines.due(4) is None
    assert deadlines.due(5) is timer


def test_cancelling_nothing_or_what_has_come_up_changes_nothing() -> None:
    deadlines = Deadlines()
    deadlines.cancel(None)
    timer = deadlines.set(1, Alarm.SILENCE, "a")
    other = deadlines.set(2, Alarm.SILENCE, "b")
    assert deadlines.due(1) is timer
    deadlines.cancel(timer)
    assert deadlines.due(2) is other


def test_cancelled_timers_do_not_pile_up() -> None:
    deadlines = Deadlines()
    kept = [deadlines.set(1_000, Alarm.IDLE, "kept") for _ in range(10)]
    for time in range(10_000):
        deadlines.cancel(deadlines.set(2_000 + time, Alarm.IDLE, "gone"))
    assert len(deadlines) < 200
    assert [deadlines.due(1_000) for _ in kept] == kept
    assert deadlines.earliest() is None
