"""``sim.run``: what its arguments do, and what it says of those that make no sense."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import stories

import sim
from sim.client import Client
from sim.platform import Platform
from sim.running import PARTS
from sim.trace import TraceError, read

ROOT = Path(__file__).parent.parent
KICK = ROOT / "scenarios/kick.yaml"
FATAL = ROOT / "scenarios/fatal-close.yaml"
PAIR = {"alice": sim.Person(role="moderator"), "bob": sim.Person(publish="camera")}
STORY = sim.Scenario(
    name="removal",
    duration="1min",
    clients=PAIR,
    script=[sim.Step(at="10s", client="alice", do="force-disconnect", target="bob")],
    expect=["bob sees sessionDisconnected(forceDisconnected)"],
)
UNWANTED = sim.Scenario(
    name="unwanted", duration="20s", clients=PAIR, expect=["bob sees sessionDisconnected"]
)


# -- what to run -----------------------------------------------------------------------------------


def test_a_scenario_is_a_file_by_its_name_or_path_or_one_made_in_code():
    by_name, by_path = sim.run(str(KICK)), sim.run(KICK)
    assert by_name.digest == by_path.digest == sim.run(sim.load(KICK)).digest


def test_a_file_that_is_not_there_is_a_scenario_error():
    with pytest.raises(sim.ScenarioError, match="cannot read the file"):
        sim.run("no-such-story.yaml")


def test_seed_and_replication_are_the_scenario_s_unless_given():
    result = sim.run(STORY)
    assert (result.seed, result.replication) == (STORY.seed, 0)
    result = sim.run(STORY, seed=5, replication=3)
    assert (result.seed, result.replication) == (5, 3)


@given(stories(), st.integers(0, 2**64 - 1), st.integers(0, 1000))
@settings(max_examples=20)
def test_seed_and_replication_decide_everything(story, seed, replication):
    first = sim.run(story, seed=seed, replication=replication)
    again = sim.run(sim.Scenario(**_with(story, seed=seed)), replication=replication)
    assert first.digest == again.digest


def _with(story, **changes):
    names = ("name", "seed", "duration", "clients", "script")
    return {name: getattr(story, name) for name in names} | changes


def test_a_profile_overrides_the_scenario_s():
    shipped, documented = sim.run(FATAL), sim.run(FATAL, profile="documented")
    assert (shipped.profile, documented.profile) == ("opentok.js-2.35.2", "documented")
    assert [n for n, verdict in shipped.laws.items() if verdict.broken] == ["reconnect-first"]
    assert [n for n, verdict in documented.laws.items() if verdict.broken] == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"profile": "opentok"}, "there is no profile 'opentok'"),
        ({"laws": ["cleanup", "reconect-first"]}, "did you mean reconnect-first"),
        ({"trace_level": "everything"}, "the levels are story, wire, all"),
        ({"apps": {"bert": print}}, "the clients are alice, bob"),
    ],
)
def test_what_does_not_exist_is_an_error_before_anything_is_written(tmp_path, given, sentence):
    path = tmp_path / "run.jsonl"
    with pytest.raises(ValueError, match=sentence):
        sim.run(STORY, trace=path, **given)
    assert not path.exists()


# -- judging ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-1, 1.5, "7", True])
@pytest.mark.parametrize("name", ["seed", "replication"])
def test_seed_and_replication_are_whole_numbers_from_0_on(tmp_path, name, value):
    trace = tmp_path / "trace.jsonl"
    with pytest.raises(ValueError, match=f"{name} must be a whole number from 0 on"):
        sim.run("scenarios/clean-goodbye.yaml", trace=trace, **{name: value})
    assert not trace.exists()


def test_one_law_may_be_named_alone():
    assert list(sim.run("scenarios/clean-goodbye.yaml", laws="cleanup").laws) == ["cleanup"]


def test_all_laws_are_checked_unless_some_are_named():
    assert len(sim.run(STORY).laws) > 15
    assert list(sim.run(STORY, laws=["one-end", "cleanup"]).laws) == ["one-end", "cleanup"]
    assert sim.run(STORY, laws=[]).laws == {}


def test_a_scenario_may_name_its_laws_and_the_call_overrides_it():
    story = sim.Scenario(**_with(STORY), laws=["one-end"])
    assert list(sim.run(story).laws) == ["one-end"]
    assert list(sim.run(story, laws=("cleanup",)).laws) == ["cleanup"]


def test_what_holds_gives_0_and_what_does_not_gives_1():
    held, failed = sim.run(STORY), sim.run(UNWANTED)
    assert (held.exit_code, held.held) == (0, True)
    assert (failed.exit_code, failed.held) == (1, False)
    assert [outcome.held for outcome in failed.expectations] == [False]


def test_a_law_that_breaks_gives_1_unless_the_scenario_expects_it():
    expected = sim.load(FATAL)
    unexpected = sim.Scenario(
        **{name: getattr(expected, name)
           for name in ("name", "duration", "profile", "clients", "script")}
    )  # fmt: skip
    assert sim.run(expected).exit_code == 0
    assert sim.run(unexpected).exit_code == 1


def test_a_client_or_a_platform_of_one_s_own_takes_the_place_of_the_product_s():
    made = []

    class OwnClient(Client):
        def __init__(self, *given, **named):
            made.append("client")
            super().__init__(*given, **named)

    class OwnPlatform(Platform):
        def __init__(self, *given, **named):
            made.append("platform")
            super().__init__(*given, **named)

    result = sim.run(STORY, client=OwnClient, platform=OwnPlatform)
    assert made == ["platform", "client", "client"]
    assert result.digest == sim.run(STORY).digest


def test_the_app_of_a_group_is_of_each_of_its_members():
    story = sim.Scenario(name="group", duration="5s", clients={"guests": sim.Person(count=3)})
    met = []
    sim.run(story, apps={"guests": lambda app: met.append(app.name)})
    assert met == ["guests-1", "guests-2", "guests-3"]


# -- records ---------------------------------------------------------------------------------------


def test_sinks_get_every_record_as_it_comes_whether_it_is_kept_or_not():
    gathered, counted = [], []
    result = sim.run(STORY, keep=False, sinks=[gathered.append, lambda r: counted.append(r.seq)])
    assert result.records == []
    assert gathered == sim.run(STORY).records
    assert counted == list(range(1, result.count + 1))


@settings(max_examples=15)
@given(stories())
def test_what_apps_were_told_is_kept_without_the_records(story):
    whole, told = sim.run(story), sim.run(story, keep="events")
    assert told.records == []
    assert (told.clients, told.told, told.digest) == (whole.clients, whole.told, whole.digest)
    assert told.exit_code == whole.exit_code


def test_a_sink_that_raises_ends_the_run():
    def tired(record):
        if record.name == "forceDisconnect":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.run(STORY, sinks=[tired])


def test_a_run_ends_before_its_last_instant():
    step = sim.Step(at="20s", client="bob", do="disconnect")
    story = sim.Scenario(name="last", duration="20s", clients=PAIR, script=[step])
    result = sim.run(story)
    assert result.ended == story.duration
    assert max(record.time for record in result.records) < story.duration


# -- traces ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["story", "wire", "all"])
def test_a_trace_is_written_at_its_level(tmp_path, level):
    path = tmp_path / "run.jsonl"
    result = sim.run(STORY, trace=path, trace_level=level, seed=3, permute_ties=True)
    trace = read(path)
    records = list(trace.story())
    assert (result.trace_path, len(records)) == (str(path), result.count)
    assert (trace.footer.digest, trace.footer.ended) == (result.digest, result.ended)
    header = trace.header
    assert (header.level, header.seed, header.name) == (level, 3, "removal")
    assert (header.version, header.options) == (sim.__version__, ("permute-ties",))


def test_without_a_trace_there_is_no_path():
    assert sim.run(STORY).trace_path is None


@settings(max_examples=15)
@given(stories())
def test_who_watches_a_run_changes_nothing(story):
    times = []
    watched = sim.run(story, progress=times.append, keep=False)
    assert watched.digest == sim.run(story, keep=False).digest
    assert times == sorted(times)
    assert (len(times), times[-1]) == (PARTS, story.duration)


def test_a_trace_that_cannot_be_written_is_said_so(tmp_path):
    with pytest.raises(TraceError, match="cannot be written"):
        sim.run(STORY, trace=tmp_path / "no such folder" / "run.jsonl")


def test_an_interrupted_run_leaves_a_trace_that_can_be_read_up_to_there(tmp_path):
    path = tmp_path / "run.jsonl"

    def interrupt(record):
        if record.seq == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.run(STORY, trace=path, sinks=[interrupt])
    trace = read(path)
    assert len(list(trace)) == 20
    assert not trace.complete


def test_the_header_says_what_the_laws_need_to_know(tmp_path):
    keeps = {"sessionDisconnected": {"prevent-default": True, "clean-up-after": "2s"}}
    story = sim.Scenario(
        name="header",
        duration="5s",
        clients={"bob": sim.Person(role="subscriber", on=keeps, connection_events_suppressed=True)},
        platform={"grace": "20s", "detection": "3s"},
        timers={"window": "10s"},
    )
    header = sim.run(story).header
    bob = header.people["bob"]
    assert (bob.role, bob.capabilities) == ("subscriber", ("subscribe",))
    assert (bob.promises, bob.prevents) == (
        {"clean-up-after": 2_000_000},
        ("sessionDisconnected",),
    )
    assert bob.suppressed
    bounds = header.bounds
    assert (bounds.grace, bounds.detection, bounds.window) == (20_000_000, 3_000_000, 10_000_000)


@pytest.mark.parametrize(("reconnection", "silence"), [(True, 5_900_000), (False, 49_900_000)])
def test_the_laws_know_how_long_a_client_waits_in_silence(reconnection, silence):
    story = sim.Scenario(**_with(STORY), platform={"reconnection": reconnection})
    assert sim.run(story).header.bounds.silence == silence


# -- the package -----------------------------------------------------------------------------------


def test_every_public_name_is_there():
    assert [name for name in sim.__all__ if getattr(sim, name, None) is None] == []
    assert set(sim.__all__) <= set(dir(sim))


def test_another_name_is_not():
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        getattr(sim, "simulate")  # noqa: B009
