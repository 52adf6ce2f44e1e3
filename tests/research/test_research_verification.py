"""The simulator against theory: that theory is right, and that an error of 5 % is found."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve
from scipy import integrate

from sim.network.direction import Direction
from sim.network.outages import OutageProcess
from sim.network.specs import GilbertElliott
from sim.network.stream import StreamSender
from sim.platform import Platform
from sim.research.verification import SUBJECTS, Models, single, verify
from sim.research.verification.channel import FAR, Counts
from sim.research.verification.courses import SHIPPED
from sim.research.verification.detector import quality
from sim.research.verification.erlang import Retrials, erlang_b, erlang_c
from sim.research.verification.estimates import Estimate, jackknife, mean, ratio
from sim.research.verification.finding import LEVEL, Finding, holm, judged
from sim.research.verification.gilbert import Theory, fitted
from sim.research.verification.kicks import meeting
from sim.research.verification.nfd import Detector
from sim.research.verification.retries import chi_square, full_jitter
from sim.research.verification.single import _batches, gilbert_elliott
from sim.running import run
from sim.scenario import Poisson, Rejoin

FAMILY = 70
"""Not fewer than the findings of the whole table: the planted errors are found in all of it."""
MORE = 1.05


# -- theory ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "recurrence", "duration", "accuracy"),
    [((1, 1.5, 0.1, 0.3), 38.810, 0.4906, 0.98736), ((2, 3.9, 0.2, 0.5), 57.273, 1.0327, 0.98197)],
)
def test_the_theory_of_nfd_s_has_the_published_values(parameters, recurrence, duration, accuracy):
    theory = Detector(*parameters)
    assert theory.recurrence == pytest.approx(recurrence, abs=5e-4)
    assert theory.duration == pytest.approx(duration, abs=5e-5)
    assert theory.accuracy == pytest.approx(accuracy, abs=5e-6)


@pytest.mark.parametrize(
    "parameters", [(1, 1.5, 0.1, 0.3), (1, 0, 0.3, 2), (3, 10, 0.02, 5), (1, 2, 0.5, 0.01)]
)
def test_its_integral_is_that_of_the_definition(parameters):
    eta, delta, loss, delay = parameters

    def late(x):
        return 1.0 if x < 0 else math.exp(-x / delay)

    def unheard(x):
        return math.prod(
            loss + (1 - loss) * late(delta + x - j * eta) for j in range(math.ceil(delta / eta) + 1)
        )

    kink = math.ceil(delta / eta) * eta - delta
    area = integrate.quad(unheard, 0, eta, points=[kink, delay, 5 * delay], limit=500)[0]
    assert Detector(*parameters).suspicion == pytest.approx(area / eta, rel=1e-7)


@pytest.mark.parametrize(("eta", "times"), [("0.1", 3), ("0.1", 7), ("0.3", 3), ("0.7", 3)])
def test_without_a_delay_a_heartbeat_is_there_at_its_own_freshness_point(eta, times):
    """However the product of the two rounds: of k + 1 heartbeats none must be lost."""
    delta = float(Fraction(eta) * times)
    of = Detector(float(eta), delta, 0.3, 0)
    assert of.recurrence == pytest.approx(float(eta) / (0.7 * 0.3 ** (times + 1)))


@pytest.mark.parametrize(
    "parameters",
    [(1, 2, 0.3, 1e-12), (1, 1e-9, 0.1, 1e-9), (1, 1e-12, 0.1, 2e-12), (1, 1.5, 0.3, 1e-30)],
)
def test_however_short_the_delay_is_it_is_measured(parameters):
    """Beside one so short a tick is long: what is sent at a freshness point must still be late."""
    of = Detector(*parameters)
    seen = quality(of, Models(), 20_000)
    assert abs(seen.recurrence.z(of.recurrence)) < 3.5
    assert abs(seen.duration.z(of.duration)) < 3.5


def test_who_is_late_each_time_is_mistaken_each_time():
    """Between two ends there is one stretch fewer than there are ends."""
    seen = quality(Detector(1, 0, 0, 0.016), Models(), 10_000)
    assert seen.mistakes == 9_999
    assert seen.recurrence.value == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("eta", [1, 0.3, 7e-5, 1e6])
def test_who_hears_nothing_trusts_nobody_ever(eta):
    """All of the time is suspected, to the last tick: what is left is no rounding."""
    accuracy = quality(Detector(eta, 1.5 * eta, 1 - 1e-12, 0.3 * eta), Models(), 10_000).accuracy
    assert (accuracy.value, accuracy.error) == (0.0, 0.0)


def test_mistakes_so_rare_that_no_number_says_it_keep_a_logarithm_and_a_length():
    theory = Detector(1, 1.5, 0, 1e-4)
    assert theory.recurrence == math.inf
    assert theory.log_recurrence == pytest.approx(20_000, rel=1e-6)
    assert 0 < theory.duration < 1e-3


@pytest.mark.parametrize(
    "parameters",
    [
        (0, 1, 0.1, 1),
        (1, -1, 0.1, 1),
        (1, 1, 1, 1),
        (1, 1, 0.1, math.nan),
        (1e308, 1e308, 0.1, 1),
        (5e-324, 0, 0.1, 0),
        (1, 1e-300, 0.1, 1),
    ],
)
def test_a_detector_that_cannot_be_is_refused(parameters):
    with pytest.raises(ValueError, match="must be"):
        Detector(*parameters)


def test_the_theory_of_a_channel_has_the_published_values():
    theory = Theory(GilbertElliott(0.01, 0.25))
    assert theory.loss == pytest.approx(0.03846, abs=5e-6)
    assert theory.burst == pytest.approx(4)
    assert theory.gap == pytest.approx(100)
    assert theory.correlation(1) == pytest.approx(0.74)
    assert theory.variance(50) == pytest.approx(11.57, abs=5e-3)


@pytest.mark.parametrize("p", [1e-7, 1e-5, 1e-3, 0.5, 1.0])
def test_the_variance_in_a_window_is_the_sum_of_the_covariances(p):
    theory = Theory(GilbertElliott(p, p, h=0.9, k=0.1))
    pairs = sum((50 - lag) * theory.covariance(lag) for lag in range(1, 50))
    alone = 50 * theory.loss * (1 - theory.loss)
    assert theory.variance(50) == pytest.approx(alone + 2 * pairs, rel=1e-6)


def test_gilberts_fit_gives_back_the_chain_that_its_numbers_come_from():
    p, r, h = 0.1, 0.3, 0.7
    bad = p / (p + r)
    one = bad * h
    after_one = ((1 - r) * h * one) / one
    three = one * ((1 - r) * h) ** 2
    outer = bad * h * ((1 - r) * (1 - h) * (1 - r) + r * p) * h
    assert fitted(one, after_one, three / (three + outer)) == pytest.approx((p, r, h))


@pytest.mark.parametrize(("servers", "load", "blocked"), [(1, 1, 0.5), (2, 2, 0.4), (0, 3, 1)])
def test_erlangs_formula(servers, load, blocked):
    assert erlang_b(servers, load) == pytest.approx(blocked)


@pytest.mark.parametrize(("servers", "load", "wait"), [(1, 0.6, 0.6), (2, 1, 1 / 3), (3, 2, 4 / 9)])
def test_erlangs_formula_for_those_who_wait(servers, load, wait):
    assert erlang_c(servers, load) == pytest.approx(wait)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 1), (3, 1.5)])
def test_those_who_try_again_at_once_are_a_queue(servers, load):
    theory, wait = Retrials(servers, load, 1e-6), erlang_c(servers, load)
    assert theory.refused == pytest.approx(wait, rel=1e-5)
    assert theory.waiting == pytest.approx(wait * load / (servers - load), rel=1e-5)


@pytest.mark.parametrize(("load", "pause"), [(0.5, 1), (0.6, 0.2)])
def test_retrials_for_one_place_have_the_published_values(load, pause):
    theory = Retrials(1, load, pause)
    assert theory.refused == pytest.approx(load)
    assert theory.waiting == pytest.approx(load**2 * (1 + pause) / (1 - load))


def test_the_edges_are_those_of_tcp_and_of_the_client():
    assert SHIPPED.unnoticed == 2 + 3
    assert [round(at - 5.9, 9) for at in SHIPPED.attempts] == [0, 1, 3, 7, 15, 16, 18, 22]
    assert meeting(3.8) == 0
    assert meeting(4.9) == pytest.approx(0.5)
    assert meeting(6) == 1
    assert (meeting(33, outage=60), meeting(36, outage=60)) == (1, 0)


# -- what is measured ------------------------------------------------------------------------------


def test_what_is_counted_of_losses():
    lost = [0, 0, 1, 1, 1, 0, 1, 0, 0, 1] + 90 * [0]
    counts = Counts.of(np.flatnonzero(lost), len(lost))
    assert (counts.losses, counts.both, counts.bursts, counts.alone) == (5, 2, 3, 2)
    assert (counts.firsts, counts.seconds, counts.neither) == (5, 5, 99 - 5 - 5 + 2)
    assert (counts.all_three, counts.outer_two, counts.far_both) == (1, 1, 1)
    assert (counts.windows, counts.in_windows, counts.squares) == (2, 5, 25)


@pytest.mark.parametrize("lag", [1, FAR])
@pytest.mark.parametrize("size", [7, 50])
def test_the_correlation_is_that_of_the_pairs_that_there_are(lag, size):
    """Not of all packets: those at the ends of a batch are in fewer pairs."""
    draws = np.random.default_rng(lag * size)
    batches = draws.random((40, size)) < 0.4
    total = Counts(*np.sum([Counts.of(np.flatnonzero(each), size) for each in batches], axis=0))
    first, second = batches[:, :-lag].ravel(), batches[:, lag:].ravel()
    covariance = float(np.cov(first, second, bias=True)[0, 1])
    found = total.correlation if lag == 1 else total.far_correlation
    share = float(batches.mean())
    assert found == pytest.approx(covariance / (share * (1 - share)), abs=1e-12)


def test_a_correlation_of_pairs_that_were_hardly_seen_is_not_shown(monkeypatch):
    """Both get through in some 3 of 200,000 pairs, so chance has the covariance and its error."""
    for name, number in (("_PACKETS", 200_000), ("_LOSSES", 1_000), ("_CHANGES", 1_000)):
        monkeypatch.setattr(single, name, number)
    lines = {line.name: line for line in gilbert_elliott(GilbertElliott(0.3, 0.3, 0.997, 0.996))}
    assert lines["burst"].measured is not None
    assert lines["lag 1"].measured is None
    never = {line.name: line for line in gilbert_elliott(GilbertElliott(0.1, 1.0))}
    assert never["lag 1"].measured is not None  # that two are lost cannot be


@pytest.mark.parametrize(
    ("lost", "long"),
    [
        ("", 0),
        ("xxxx", 0),
        (".xxxxx", 1),
        ("xxxxx.", 0),  # began before the first packet, perhaps
        (".xxxx.xxxxxxx.xxxxx", 2),
    ],
)
def test_a_burst_of_five_or_more_is_counted_once(lost, long):
    at = np.flatnonzero([each == "x" for each in lost])
    assert Counts.of(at, len(lost)).long == long


def test_the_error_of_a_mean_by_the_jackknife_is_the_usual_one():
    values = np.array([1.0, 4.0, 2.0, 8.0])
    sums = np.column_stack([values, np.ones(4)])
    by_jackknife = jackknife(lambda total: total[0] / total[1], sums, 4)
    assert by_jackknife.error == pytest.approx(mean(values).error)
    assert ratio(values, np.ones(4)).value == pytest.approx(3.75)


def test_what_never_varies_is_right_or_infinitely_wrong():
    exact = mean([2.0, 2.0, 2.0])
    assert (exact.z(2.0), exact.p(2.0)) == (0, 1)
    assert (exact.z(2.1), exact.p(2.1)) == (-math.inf, 0)


def test_holm_adjusts_and_rejects_as_one_family():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    wrong = Finding("wrong", "", 0.0, Estimate(9.0, 1.0, 100, 99))
    right = Finding("right", "", 0.0, Estimate(2.5, 1.0, 100, 99))
    assert judged([right, wrong]).off == (wrong,)


def test_a_channel_of_ones_own_is_seen_often_enough_that_an_error_of_2_percent_shows():
    """Cheap ones are sent more packets: bursts are what is counted, whatever their share is."""
    for chain in (GilbertElliott(0.01, 0.25), GilbertElliott(0.001, 0.5), GilbertElliott(0.1, 0.3)):
        batches, packets = _batches(chain)
        assert batches * packets * (1 - chain.share_bad) * chain.p > 90_000


def test_findings_say_their_subject_and_one_may_be_asked_for(monkeypatch):
    right = Finding("right", "all is well", 1.0, Estimate(1.0, 0.1, 1000, 99))
    kicks = evolve(SUBJECTS["kicks"], findings=lambda *_: iter([right]))
    monkeypatch.setitem(SUBJECTS, "kicks", kicks)
    assert verify("kicks").findings == (evolve(right, subject="kicks"),)
    with pytest.raises(ValueError, match="nothing is asked for"):
        verify([])


def test_an_unknown_subject_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match="no subject weather; there are channel, detector"):
        verify(["weather"])


# -- planted errors --------------------------------------------------------------------------------


def more(value):
    return round(value * MORE) if isinstance(value, int) else value * MORE


def losing(what):
    """A direction whose chain or whose single chance is 5 % off."""

    def direction(spec, *rest):
        loss = evolve(spec.loss, **{what: getattr(spec.loss, what) * MORE})
        return Direction(evolve(spec, loss=loss), *rest)

    return Models(direction=direction)


def failing(what):
    def outages(spec, *rest):
        law = getattr(spec, what)
        return OutageProcess(evolve(spec, **{what: evolve(law, mean=more(law.mean))}), *rest)

    return Models(outages=outages)


def told(change):
    """Stories that run with something 5 % off, though the theory is of what they say."""
    return Models(run=lambda story, **how: run(change(story), **how))


def clock(name):
    return told(
        lambda story: evolve(
            story, timers=evolve(story.timers, **{name: more(getattr(story.timers, name))})
        )
    )


def settings(name):
    return told(
        lambda story: evolve(
            story, platform=evolve(story.platform, **{name: more(getattr(story.platform, name))})
        )
    )


def people(name, change):
    def changed(story):
        crowd = {
            who: evolve(person, **{name: change(getattr(person, name))})
            for who, person in story.clients.items()
        }
        return evolve(story, clients=crowd)

    return told(changed)


def slow_platform(journal, chosen):
    return Platform(journal, evolve(chosen, detection=more(chosen.detection)))


def slow_stream(direction, transport):
    return StreamSender(direction, evolve(transport, rto=more(transport.rto)))


def denser(arrivals):
    return Poisson(round(arrivals.gap / MORE))


PLANTED = {
    "channel, p": ("channel", losing("p")),
    "channel, r": ("channel", losing("r")),
    "detector, loss": ("detector", losing("p")),
    "detector, detection": ("detector", Models(platform=slow_platform)),
    "outages, up": ("outages", failing("up")),
    "outages, down": ("outages", failing("down")),
    "survival, silence": ("survival", clock("silence")),
    "ghosts, detection": ("ghosts", settings("detection")),
    "kicks, silence": ("kicks", clock("silence")),
    "population, arrivals": ("population", people("arrive", denser)),
    "waiting": ("waiting", people("rejoin", lambda _: None)),
    "retries, loss": ("retries", losing("p")),
    "retries, timer": ("retries", Models(stream=slow_stream)),
}  # fmt: skip


SLOW = {
    "population, arrivals": (pytest.mark.slow, pytest.mark.thorough),
    "waiting": (pytest.mark.slow, pytest.mark.thorough),
    "survival, silence": pytest.mark.slow,
    "channel, p": pytest.mark.unmeasured,
    "detector, loss": pytest.mark.unmeasured,
}
"""Those that take a second or more, or many when they are measured: of each subject one is."""


@pytest.mark.parametrize(
    "planted", [pytest.param(each, marks=SLOW.get(each, ())) for each in PLANTED]
)
def test_an_error_of_5_percent_is_found(planted):
    subject, models = PLANTED[planted]
    found = (each.p * FAMILY < LEVEL for each in SUBJECTS[subject].findings(models, 1))
    assert any(found)


@pytest.mark.parametrize("what", ["first", pytest.param("max", marks=pytest.mark.unmeasured)])
def test_an_error_of_5_percent_is_found_in_pauses_with_full_jitter(what):
    def longer(rejoin):
        backoff = rejoin.backoff
        return Rejoin(backoff=evolve(backoff, **{what: more(getattr(backoff, what))}))

    findings = full_jitter(people("rejoin", longer), 1)
    assert any(each.p * FAMILY < LEVEL for each in findings)


def test_pauses_that_are_right_on_average_and_not_uniform_are_found():
    """Half of it and a jitter on the other half, as is often done: only the mean is the same."""
    evenly = np.linspace(0, 1, 1000, endpoint=False)
    assert chi_square(np.random.default_rng(1).permutation(evenly)).p(9) > 0.001
    assert chi_square(0.25 + evenly / 2).p(9) < LEVEL / FAMILY
