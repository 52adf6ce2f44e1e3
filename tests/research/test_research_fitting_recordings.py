"""Recorded data are read by the names of their columns, or refused in a sentence with the line."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import research
from sim.draws.distributions import Constant
from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.specs import (
    Bernoulli,
    DirectionSpec,
    GilbertElliott,
    GilbertElliottTime,
    NoLoss,
)
from sim.research.fitting import RecordingError, fit, fit_recordings
from sim.research.fitting.losses import fit_losses, in_time
from sim.research.fitting.recordings import reads
from sim.research.fitting.runs import Runs
from sim.scenario import loads


def reading(text, **options):
    return reads(text.encode(), "x.csv", **options)


def test_flags_of_losses_are_read():
    assert reading("seq,lost\n1,0\n2,1\n\n3,0\n").lost.tolist() == [False, True, False]


def test_sent_and_received_say_losses_delays_and_spacing():
    found = reading("sent_ms;received_ms\n0;40\n20;\n40;90\n")
    assert found.lost.tolist() == [False, True, False]
    assert found.delays.tolist() == [40_000, 50_000]
    assert found.spacing == 20_000


@pytest.mark.parametrize(("unit", "factor"), [("", 1e6), ("_s", 1e6), ("_ms", 1e3), ("_us", 1)])
def test_a_column_says_its_unit(unit, factor):
    assert reading(f"delay{unit}\n1\n2\n").delays.tolist() == [factor, 2 * factor]


def test_an_empty_delay_is_a_loss():
    found = reading("seq,delay\n1,2\n2,\n")
    assert found.lost.tolist() == [False, True]
    assert found.delays.tolist() == [2e6]


def test_delays_alone_say_nothing_of_losses():
    assert reading("delay\n1\n2\n").lost is None


def test_delays_of_lost_packets_are_left_out():
    assert reading("lost,delay\n0,1\n1,7\n0,2\n").delays.tolist() == [1e6, 2e6]


def test_outages_say_how_long_and_how_far_apart():
    found = reading("began,ended\n10,12\n20,25\n40,\n")
    assert found.every.tolist() == [8e6, 15e6]
    assert found.last.tolist() == [2e6, 5e6]


def test_outages_may_be_given_as_a_scenario_says_them():
    found = reading("every,last\n10,1\n20,2\n")
    assert (found.every.tolist(), found.last.tolist()) == ([10e6, 20e6], [1e6, 2e6])


def test_a_mahimahi_trace_has_outages_where_it_delivers_nothing():
    found = reading("0\n10\n2010\n2020\n2500\n7500\n7600\n")
    assert found.last.tolist() == [2e6, 5e6]
    assert found.every.tolist() == [490_000]
    assert reading("0\n10\n2010\n2020\n2500\n7500\n7600\n", gap=3_000_000).last.tolist() == [5e6]


@given(st.lists(st.booleans(), min_size=1, max_size=30).map(np.array))
def test_runs_put_together_are_the_packets(lost):
    runs = Runs.of(lost)
    assert np.repeat(runs.lost, runs.lengths).tolist() == lost.tolist()
    assert (runs.packets, runs.losses) == (lost.size, lost.sum())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "x.csv: the file is empty"),
        ("lost\n", "x.csv: there is a header and nothing below it"),
        ("a,loss\n1,2\n", "did you mean 'lost' by 'loss'?"),
        ("sent,x\n1,2\n", "x.csv:1: nothing can be fitted to these columns"),
        ("delay,delay_ms\n1,1\n", "x.csv:1: there are two columns 'delay'"),
        ("lost\n0\n2\n", "x.csv:3: lost must be 0 or 1, not '2'"),
        ("lost\n0\n\n\nyes\n", "x.csv:5: lost must be 0 or 1, not 'yes'"),
        ("sent,received\n0,1\n,2\n", "x.csv:3: sent is missing"),
        ("delay\n1\nfast\n", "x.csv:3: delay is no number: 'fast'"),
        ("delay\n1\ninf\n", "x.csv:3: delay must be a finite number, not inf"),
        ("delay\n1\n-1\n", "x.csv:3: the packet arrives before it is sent"),
        ("delay\n1\n1e9\n", "x.csv:3: the packet takes more than 366 days"),
        ("sent,received\n1,2\n0,2\n", "x.csv:3: sent is before that of the row above"),
        ("began,ended\n1,2\n5,4\n", "x.csv:3: the outage ends before it begins"),
        ("began,ended\n1,\n5,8\n", "x.csv:2: ended is missing: only the last may"),
        ("began,ended\n1,4\n3,8\n", "x.csv:3: the outage begins before that above has ended"),
        ("began,ended\n1,4\n9,1e9\n", "x.csv:3: the outage lasts more than 366 days"),
        ("every,last\n1,4\n9,-1\n", "x.csv:3: last must be from 0 to 366 days"),
        ("1\n2\nx\n", "x.csv:3: expected a whole number of milliseconds"),
        ("1\n5\n4\n", "x.csv:3: 4 ms is before 5 ms; this is read as a mahimahi trace"),
        ("0,1\n1,0\n", "the first line must name the columns"),
        ("0.25\n0.5\n", "the first line must name the columns"),
        (",,\n\n;\n", "x.csv:3: nothing can be fitted to these columns"),
        (f"{'a' * 200_000},lost\n1,0\n", "x.csv:1: field larger than field limit"),
        ("1\n5\n", "x.csv: no gap of this trace lasts 1s, so there is no outage in it"),
        ("1\n99999999999\n", "x.csv: the trace is longer than 366 days"),
        ("1\n9999999\n", "x.csv, times between outages: no duration is too little to fit"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(RecordingError) as refused:
        fit_recordings(reading(text))
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_machine_and_may_be_blank_before_the_header(end):
    assert reading(end * 2 + f"delay{end}1{end}{end}2{end}").delays.tolist() == [1e6, 2e6]
    with pytest.raises(RecordingError, match=r"^x.csv:5: delay is no number: 'x'$"):
        reading(end * 2 + f"delay{end}1{end}x{end}")


def test_what_is_no_text_is_refused_with_its_line():
    with pytest.raises(RecordingError, match=r"^x:2: this is not UTF-8 text$"):
        reads(b"lost\n\xff\n", "x")


@given(st.text(alphabet='0129.,;\n-elost inf\t"', max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        fit_recordings(reading("delay,lost\n" + text))
    except RecordingError as problem:
        refused = str(problem)
    else:
        refused = "x.csv"
    assert refused.startswith("x.csv")


def test_nothing_and_times_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(RecordingError, match="no recording is named"):
        research.fit()
    losses, trace = tmp_path / "losses.csv", tmp_path / "trace"
    losses.write_text("lost\n" + "0\n1\n0\n0\n0\n1\n1\n" * 9)
    trace.write_text("1\n2000\n4000\n6000\n")
    with pytest.raises(RecordingError, match="a spacing must be at least 1ms, not -5 us"):
        research.fit(losses, spacing=-5)
    with pytest.raises(RecordingError, match="a gap must be at least 1ms, not 0 us"):
        research.fit(trace, gap=0)
    with pytest.raises(ValueError, match="'a b' is not a name"):
        research.fit(losses).block("a b")


def test_several_files_say_parts_of_one_network(tmp_path):
    losses, delays = tmp_path / "losses.csv", tmp_path / "delays.csv"
    losses.write_text("lost\n" + "0\n1\n0\n0\n0\n1\n1\n" * 9)
    delays.write_text("delay_ms\n40\n40\n")
    found = research.fit(losses, delays)
    assert found.link.up.delay == Constant(40_000)
    assert found.link.up.loss.mean_loss > 0.3
    assert fit(delays).link.up.loss == NoLoss()
    with pytest.raises(RecordingError, match="another file has losses already"):
        fit(losses, losses)


def test_losses_of_packets_with_times_move_in_time():
    rows = "".join(f"{20 * n},{'' if n % 40 < 4 else 20 * n + 9}\n" for n in range(400))
    found = fit_recordings(reading("sent_ms,received_ms\n" + rows))
    assert found.moves_in_time
    assert isinstance(found.link.up.loss, GilbertElliottTime)
    assert found.link.up.loss.bad == pytest.approx(68_300, rel=0.05)


def test_a_channel_in_time_is_found_again_however_far_apart_packets_are():
    """A state may begin and end between two packets, which sojourns in packets leave out."""
    good, bad = 1_000_000, 60_000
    direction = Direction(DirectionSpec(GilbertElliottTime(good, bad)), Draws(1, 0), "link", "up")
    lost = np.array([direction.transmit(at) is None for at in range(0, 3_000_000_000, 20_000)])
    found = in_time(fit_losses(lost, "x").candidates[0].model, 20_000)
    assert (found.good, found.bad) == pytest.approx((good, bad), rel=0.07)


@given(p=st.floats(1e-4, 0.4), r=st.floats(1e-4, 0.55))
def test_a_chain_in_time_is_seen_as_it_was_by_packets_as_far_apart(p, r):
    chain = in_time(GilbertElliott(p, r), 10**9)
    change = -math.expm1(-(10**9) / chain.good - 10**9 / chain.bad)
    assert chain.share_bad * change == pytest.approx(p, rel=1e-6)
    assert (1 - chain.share_bad) * change == pytest.approx(r, rel=1e-6)


@pytest.mark.parametrize("chain", [(0, 0.5), (0.5, 0), (0.6, 0.4), (0.1, 1), (0.4, 0.5)])
def test_a_chain_that_no_time_makes_moves_with_packets(chain):
    assert in_time(GilbertElliott(*chain), 1_000) is None


def test_the_block_is_a_network_that_a_scenario_may_say():
    rows = "".join(f"{20 * n},{'' if n % 9 == 4 else 20 * n + 9 + n % 7}\n" for n in range(400))
    found = fit_recordings(reading("sent_ms,received_ms\n" + rows))
    text = "name: x\nduration: 1min\n" + found.block("cafe") + "clients: {bob: {network: cafe}}\n"
    assert loads(text).networks["cafe"] == found.link


def test_a_spacing_that_is_said_is_taken():
    flags = "lost\n" + "0\n" * 30 + "1\n1\n1\n0\n" * 20
    assert not fit_recordings(reading(flags)).moves_in_time
    assert isinstance(
        fit_recordings(reading(flags), spacing=20_000).link.up.loss, GilbertElliottTime
    )
    few = "lost\n" + "0\n" * 30 + "1\n"
    assert isinstance(fit_recordings(reading(few), spacing=20_000).link.up.loss, Bernoulli)
