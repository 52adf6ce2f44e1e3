"""The story and numbered records, laid out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.protocol.quirks import QUIRKS
from sim.telling.layout import LONGEST_NAME, numbered, told
from sim.telling.marks import unstyled
from sim.trace import Record


def event(time, client, name="sessionConnected", seq=1, **data):
    return Record(time, seq, client, "session", "event", name, data, 1)


names = st.text("abcdefgh-0123456789", min_size=1, max_size=40)


@given(st.lists(st.tuples(st.integers(0, 10**12), names), max_size=12), st.integers(40, 120))
def test_no_line_is_wider_than_asked_for(events, width):
    records = [event(time, name) for time, name in sorted(events)]
    lines = [unstyled(line) for line in told(records, width)]
    assert all(len(line) <= width for line in lines)
    assert all(line == line.rstrip() for line in lines)


def test_several_clients_are_named_if_they_fit_and_counted_if_not():
    few = told([event(0, "al"), event(0, "bob")], 80)
    assert "al, bob" in unstyled(next(few))
    many = told([event(0, "alice"), event(0, "bob"), event(0, "guests-17")], 80)
    assert "alice +2" in unstyled(next(many))


def test_long_names_are_cut_but_the_count_stays():
    lines = list(told([event(0, "x" * 30), event(0, "y" * 30)], 80))
    assert f" {'x' * (LONGEST_NAME - 3)} +1" in unstyled(lines[0])


def test_what_concerns_nobody_has_a_dash():
    record = Record(0, 1, "", "platform", "decision", "accepted", {"command": "x"}, None)
    (line,) = told([record], 80)
    assert unstyled(line).split()[:4] == ["0:00.000", "#1", "=", "-"]


def test_a_fold_stands_under_its_like():
    records = [event(second * 2_000_000, f"guest-{second}") for second in range(30)]
    lines = [unstyled(line) for line in told(records, 80)]
    assert len(lines) == 4
    assert lines[3].split(maxsplit=2)[2] == "… 27 more sessionConnected until 0:58.000 (--unfold)"
    unfolded = told(records, 80, unfold=True)
    assert [unstyled(line).split()[0] for line in unfolded][-1] == "0:58.000"


def test_the_culprit_is_marked():
    lines = numbered([event(0, "bob", seq=1), event(1, "bob", seq=2)], 80, culprit=2)
    assert [unstyled(line)[:7] for line in lines] == ["     #1", "  -> #2"]


def test_words_move_up_to_their_label_where_that_saves_a_line():
    record = event(0, "alice", "streamDestroyed", stream="bob#1.1", reason="clientDisconnected")
    for width, lines in (
        (80, ["streamDestroyed      bob's stream: clientDisconnected"]),
        (69, ["streamDestroyed bob's stream: clientDisconnected"]),
        (64, ["streamDestroyed      bob's stream:", "clientDisconnected"]),
    ):
        shown = [unstyled(line) for line in told([record], width)]
        assert max(map(len, shown)) <= width
        assert [line.partition("alice  ")[2] or line.strip() for line in shown] == lines


@given(st.sampled_from(list(QUIRKS)), names, st.integers(60, 120))
def test_the_long_name_of_a_quirk_keeps_to_the_width(quirk, client, width):
    record = event(10**7, client, quirk)._replace(object="client", kind="quirk")
    lines = [unstyled(line) for line in told([record], width)]
    assert all(len(line) <= width for line in lines)
    assert quirk in " ".join(lines)
