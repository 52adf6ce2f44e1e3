"""``check``, ``replay``, ``explain`` and ``diff``: what can be done with a trace."""

from __future__ import annotations

import json
import re

import pytest
from attrs import evolve
from cli_scenarios import DROP, FATAL, KICK, WRONG

import sim as product
from sim.client import Client
from sim.expectations import parse
from sim.expectations.cast import Cast
from sim.platform import Platform
from sim.protocol.quirks import QUIRKS, profile
from sim.trace import Token
from sim.trace.digest import header_digest


def numbers_of(path, name):
    return [record.seq for record in product.read_trace(path) if record.name == name]


def cut(path):
    """Cut a trace off in the middle of a record."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-2]) + lines[-2][:10])
    return path


def broken(path, times=1):
    """Make a cut-off trace in which bob is told so many times more that the session is over."""
    lines = path.read_text().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if '"event","sessionDisconnected"' in line)
    again = json.loads(lines[at])
    copies = [[again[0], again[1] + 1 + copy, *again[2:]] for copy in range(times)]
    path.write_text("".join(lines[: at + 1]) + "".join(json.dumps(c) + "\n" for c in copies))
    return path


def with_header(path, **changes):
    """Make a trace that a run with another header might have written."""
    header, *records, footer = map(json.loads, path.read_text().splitlines())
    header |= changes
    footer |= {"header": header_digest(header)}
    path.write_text("".join(json.dumps(line) + "\n" for line in (header, *records, footer)))
    return path


# -- check -----------------------------------------------------------------------------------------


def test_a_good_trace_holds(sim, trace):
    result = sim("check", trace())
    assert result.exit_code == 0
    assert result.output.splitlines()[0].startswith("Laws  0 broken, ")
    assert result.output.splitlines()[-1] == "kick: all held"


def test_the_laws_agree_with_those_of_the_run(sim, trace, scenario):
    judged = json.loads(sim("check", trace(DROP), "--json").output)
    ran = json.loads(sim("run", scenario(DROP), "--json").output)
    assert judged["laws"] == ran["laws"]
    assert (judged["digest"], judged["exit_code"]) == (ran["digest"], 0)


def test_a_broken_law_is_shown_with_the_records_around_it(sim, trace):
    path = broken(trace())
    result = sim("check", path)
    assert result.exit_code == 1
    assert "broken  one-end" in result.output
    culprit = numbers_of(path, "sessionDisconnected")[1]
    assert f"-> #{culprit}" in result.output
    assert result.output.splitlines()[-1] == "kick: broken"


def test_json_tells_where_a_law_broke(sim, trace):
    path = broken(trace())
    data = json.loads(sim("check", path, "--law", "one-end", "--json").stdout)
    assert data["laws"] == {"one-end": "broken"}
    assert data["breaches"][0]["record"] == numbers_of(path, "sessionDisconnected")[1]
    assert data["exit_code"] == 1


def test_a_trace_that_was_cut_off_is_inconclusive(sim, trace):
    result = sim("check", cut(trace()), "--quiet")
    assert result.exit_code == 4
    assert result.stdout == "kick: inconclusive\n"
    assert "cut off" in result.stderr


def test_what_broke_before_the_cut_is_broken(sim, trace):
    result = sim("check", broken(trace()))
    assert result.exit_code == 1
    assert "cut off" in result.stderr


def test_a_trace_that_was_changed_is_inconclusive(sim, trace):
    path = trace()
    path.write_text(path.read_text().replace('"camera"', '"cinema"').replace("bob", "rob"))
    assert sim("check", path).exit_code in {1, 4}


def test_many_breaches_of_one_law_are_counted(sim, trace):
    told = sim("check", broken(trace(), times=5), "--law", "one-end").output
    assert told.count("got a second sessionDisconnected") == 3
    assert "  ... and 2 more times" in told.splitlines()


def test_a_trace_comes_from_standard_input(sim, trace):
    assert sim("check", "-", "-q", input=trace().read_bytes()).output == "kick: all held\n"


# -- replay ----------------------------------------------------------------------------------------


def test_a_trace_is_replayed_from_itself(sim, trace, tmp_path):
    again = tmp_path / "again.trace.jsonl"
    result = sim("replay", trace(KICK, "--seed", 8), "-q", "--trace", again)
    assert (result.exit_code, result.stdout) == (0, "kick: all held\n")
    assert sim("diff", tmp_path / "run.trace.jsonl", again).exit_code == 0


@pytest.mark.parametrize(
    "arguments", [("--profile", "opentok.js-2.35.2"), ("--permute-ties",), ("--law", "one-end")]
)
def test_a_run_with_other_settings_is_replayed_as_it_was(sim, trace, arguments):
    recorded = trace(DROP, *arguments)
    ties = [each for each in arguments if each == "--permute-ties"]
    assert sim("replay", recorded, "-q", *ties).exit_code == 0


def test_a_scenario_that_switches_quirks_is_replayed_with_them(sim, trace):
    quirk = "\nprofile: {base: documented, quirks: {clean-close-without-reconnection: true}}\n"
    text = KICK + quirk.replace("clean-close-without-reconnection", QUIRK)
    assert sim("replay", trace(text), "-q").exit_code == 0


QUIRK = "early-signal-loses-type-and-data"
ALL = dict.fromkeys(QUIRKS, True)
SWITCHED = KICK + f"\nprofile: {{base: documented, quirks: {{{QUIRK}: true}}}}\n"


@pytest.mark.parametrize(
    ("text", "client", "names"),
    [
        (SWITCHED, None, {QUIRK: True}),
        (SWITCHED, "documented", {}),
        (SWITCHED, "opentok.js-2.35.2", {}),
        (SWITCHED, profile("opentok.js-2.35.2", {QUIRK: False}), {QUIRK: False}),
        (KICK, profile("documented", {QUIRK: True}), {QUIRK: True}),
        (KICK, profile("documented", ALL), ALL),  # longer than a file's name may be
    ],
)
def test_a_run_is_replayed_with_the_quirks_that_its_token_or_its_trace_names(
    sim, scenario, tmp_path, text, client, names
):
    path, trace = scenario(text), tmp_path / "run.jsonl"
    ran = product.run(path, profile=client, trace=trace)
    assert Token.parse(ran.token).switches == names
    for words in ((ran.token, "--scenario", path), (trace,)):
        again = sim("replay", *words, "--trace", tmp_path / "again.jsonl", "--force", "-q")
        assert (again.exit_code, again.stderr) == (0, "")
        header = product.read_trace(tmp_path / "again.jsonl").header
        assert (header.profile, header.quirks) == (ran.header.profile, ran.header.quirks)


def test_a_token_whose_scenario_has_other_quirks_now_says_which(sim, scenario):
    token = product.run(scenario(SWITCHED)).token
    path = scenario(SWITCHED.replace("true", "false"))
    result = sim("replay", token, "--scenario", path)
    assert result.exit_code == 2
    said = (
        f"with another profile: the run had documented and +{QUIRK}, and the file says documented."
    )
    assert said in " ".join(result.stderr.split())


def test_quirks_that_this_version_does_not_have_are_refused(sim, scenario, trace):
    path = scenario()
    ran = product.run(path)
    unknown = evolve(Token.parse(ran.token), options=("+time-travel",))
    for what in ((unknown, "--scenario", path), (with_header(trace(), quirks=["time-travel"]),)):
        result = sim("replay", *what)
        assert result.exit_code == 2
        assert "the quirk 'time-travel', which this version does not have" in " ".join(
            result.stderr.split()
        )


def test_a_run_says_which_quirks_are_switched(sim, scenario):
    assert f"profile documented +{QUIRK}" in " ".join(sim("run", scenario(SWITCHED)).output.split())


def test_a_story_that_is_not_the_same_again_is_shown(sim, trace):
    result = sim("replay", with_header(trace(), seed=4))
    assert result.exit_code == 3
    assert "recorded" in result.stderr
    assert "replayed" in result.stderr


def test_the_trace_of_another_version_is_judged_with_care(sim, trace):
    result = sim("replay", with_header(trace(), seed=4, version="0.0.1"))
    assert result.exit_code == 4
    assert "version 0.0.1" in result.stderr


def test_a_trace_that_was_cut_off_is_compared_as_far_as_it_goes(sim, trace):
    result = sim("replay", cut(trace()), "-q")
    assert result.exit_code == 0
    assert "as far as it goes it is the same" in result.stderr


def test_a_token_finds_its_scenario_among_files(sim, scenario):
    path, other = scenario(), scenario(DROP, "other.yaml")
    bad = scenario("name: [", "bad.yaml")
    token = product.run(path, seed=21).token
    files = [word for each in (bad, other, path) for word in ("--scenario", each)]
    result = sim("replay", token, *files, "--json")
    assert json.loads(result.stdout)["digest"] == product.run(path, seed=21).digest
    assert f"{bad} has mistakes and is passed over" in result.stderr


@pytest.mark.parametrize(("text", "said"), [("name: [", "this is not YAML"), (None, "cannot read")])
def test_the_one_file_that_is_named_for_a_token_is_said_to_be_wrong(sim, scenario, text, said):
    path = scenario()
    token = product.run(path).token
    path.unlink() if text is None else path.write_text(text)
    result = sim("replay", token, "--scenario", path)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr


def test_a_token_finds_its_scenario_in_the_usual_directory(sim, scenario, tmp_path, monkeypatch):
    (tmp_path / "scenarios").mkdir()
    token = product.run(scenario(KICK, "scenarios/kick.yaml"), replication=2).token
    monkeypatch.chdir(tmp_path)
    assert "replication 2" in sim("replay", token).output


def test_a_token_without_its_scenario_says_what_to_do(sim, scenario, tmp_path, monkeypatch):
    (tmp_path / "scenarios").mkdir()
    monkeypatch.chdir(tmp_path)
    path = scenario()
    token = product.run(path).token
    path.write_text(KICK.replace("forceDisconnected)", "forceDisconnected) before 1min"))
    other = scenario(DROP, "scenarios/other.yaml")
    for words, said in (
        (["--scenario", path], f"{path} is not the scenario of this token."),
        (["--scenario", path, "--scenario", other], "None of the 2 files named is the scenario"),
        ([], "not in the directory scenarios (1 file): name its file with --scenario."),
    ):
        result = sim("replay", token, *words)
        assert result.exit_code == 2
        told = " ".join(result.stderr.split())
        assert said in told
        assert told.endswith("what is expected counts, comments do not.")
    path.write_text(f"# a comment\n{KICK}")
    assert sim("replay", token, "--scenario", path, "-q").exit_code == 0


def test_a_token_of_another_version_is_remarked(sim, scenario):
    path = scenario()
    token = evolve(Token.parse(product.run(path).token), version="0.0.1")
    result = sim("replay", token, "--scenario", path, "-q")
    assert result.exit_code == 0
    assert "made by version 0.0.1" in result.stderr


def test_a_mistyped_token_is_bad_usage(sim):
    result = sim("replay", "sim1-abcdefgh")
    assert result.exit_code == 2
    assert "mistyped or cut off" in result.output


def test_a_token_keeps_the_profile(sim, scenario):
    path = scenario()
    token = product.run(path, profile="opentok.js-2.35.2").token
    assert "profile opentok.js-2.35.2" in sim("replay", token, "--scenario", path).output


def disconnects(app):
    app.timeout(5_000, app.session.disconnect)


class OwnClient(Client):
    """A model that is not the product's, although it does the same."""


class OwnPlatform(Platform):
    """Another one."""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"apps": {"bob": disconnects}}, "sim.run(…, apps={'bob': …})"),
        (
            {"apps": {"bob": disconnects, "alice": print}, "client": OwnClient},
            "sim.run(…, apps={'alice': …, 'bob': …}, client=…)",
        ),
        ({"platform": OwnPlatform}, "sim.run(…, platform=…)"),
    ],
)
def test_a_run_with_code_of_its_own_cannot_be_replayed_from_a_file(
    sim, trace, scenario, tmp_path, arguments, said
):
    path, story = tmp_path / "own.jsonl", scenario()
    own = product.run(story, trace=path, **arguments)
    for words in ((path,), (own.token, "--scenario", story)):
        result = sim("replay", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        told = " ".join(result.stderr.split())
        assert said in told
        assert "which neither a trace nor a token can name" in told
    assert own.token != product.run(story).token
    assert sim("check", path, "--law", "one-end").exit_code == 0
    plain = trace()
    assert f"header: options is none in {plain}, " in sim("diff", plain, path).output


# -- explain ---------------------------------------------------------------------------------------


def test_an_event_is_explained_back_to_its_root(sim, trace):
    path = trace(DROP)
    number = numbers_of(path, "sessionReconnecting")[0]
    lines = sim("explain", path, number).output.splitlines()
    assert "adam  network down: nothing in or out for 9s" in lines[0]
    assert lines[-1].startswith(f"-> #{number}")


def test_an_explanation_as_json_is_the_chain_of_records(sim, trace):
    path = trace(DROP)
    number = numbers_of(path, "sessionReconnecting")[0]
    chain = json.loads(sim("explain", path, number, "--json").output)
    assert (chain[0]["kind"], chain[-1]["seq"]) == ("fault", number)
    assert [each["cause"] for each in chain] == [None, *(each["seq"] for each in chain[:-1])]


LATE = """
name: late
duration: 1min
clients: {alice: {}, bob: {}}
script:
  - {at: 10s, client: bob, network: down, for: 15s}
  - {at: 20s, client: alice, do: publish}
"""


def test_an_explanation_that_forks_says_what_follows_from_what(sim, trace):
    path = trace(LATE)
    (down,), (published,) = numbers_of(path, "down"), numbers_of(path, "published")
    (call, _), (back,) = numbers_of(path, "publish"), numbers_of(path, "back")
    (replayed,), created = numbers_of(path, "replayed"), numbers_of(path, "streamCreated")[-1]
    told = " ".join(sim("explain", path, created).output.split())
    said = dict(re.findall(r"(#\d+) 0:\d\d\.\d+ (?:alice|bob) (.*?)(?= (?:-> )?#\d+ 0:|$)", told))
    notes = {
        number: re.findall(r"\((nothing led to it|because.*?)\)", words)
        for number, words in said.items()
    }
    assert notes == {
        f"#{down}": [],
        f"#{down + 1}": [],  # the app hears of the outage
        f"#{call}": ["nothing led to it"],
        f"#{published}": [],
        f"#{back}": [f"because of #{down + 1}"],
        f"#{replayed}": [f"because of #{published} and #{back}"],
        f"#{created}": [],
    }


def test_a_record_that_is_not_there_is_bad_usage(sim, trace):
    result = sim("explain", trace(), 99_999)
    assert result.exit_code == 2
    assert "there is no record 99999" in result.output


def test_a_chain_calls_a_connection_by_one_name_and_by_that_of_the_story(sim, trace):
    twice = DROP.replace("network: down, for: 9s", "do: disconnect") + (
        "  - {at: 40s, client: adam, do: connect}\n"
    )
    path = trace(twice)
    told = sim("explain", path, "--person", "zoe", "--event", "connectionDestroyed").output
    assert "connectionDestroyed: adam#1: clientDisconnected" in " ".join(told.split())
    back = sim("explain", path, "--person", "zoe", "--event", "connectionCreated", "--nth", 3)
    assert "adam#2 is here" in " ".join(back.output.split())


# -- diff ------------------------------------------------------------------------------------------


def test_the_same_stories_are_the_same(sim, trace):
    path = trace()
    result = sim("diff", path, path)
    assert (result.exit_code, result.output) == (0, "the stories are the same\n")


def test_the_first_difference_is_shown_from_both_sides(sim, trace):
    left, right = trace(), trace(KICK, "--seed", 4, name="other.trace.jsonl")
    result = sim("diff", left, right, "--context", 2)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("the stories part at record ")
    assert f"  header: seed is 3 in {left}, 4 in {right}" in lines
    assert str(left) in lines
    assert str(right) in lines


def test_headers_differ_in_words(sim, trace):
    left, right = trace(), trace(KICK.replace("40s", "50s"), name="other.trace.jsonl")
    lines = sim("diff", left, right).output.splitlines()
    assert "  header: they are of different scenarios" in lines
    assert f"  header: duration is 40s in {left}, 50s in {right}" in lines
    other = with_header(trace(name="role.jsonl"), people={"bob": {"role": "subscriber"}})
    said = sim("diff", left, other).output
    assert f"  header: people.bob.role is publisher in {left}, subscriber in {other}" in said
    data = json.loads(sim("diff", left, other, "--json").output)
    assert {"field": "people.bob.role", "left": "publisher", "right": "subscriber"} in data[
        "header"
    ]


def test_records_that_read_alike_are_told_apart(sim, trace):
    left, right = trace(), trace(name="other.trace.jsonl")
    lines = [json.loads(line) for line in right.read_text().splitlines()]
    number = next(n for n, each in enumerate(lines) if n and each[5] == "sessionConnected")
    lines[number][6]["own"] = "zoe#1"
    right.write_text("".join(json.dumps(line) + "\n" for line in lines))
    output = sim("diff", left, right).output
    assert output.splitlines()[-2:] == ["They differ in", "  its own  alice#1, and zoe#1"]


def test_a_story_that_ends_early_is_said_to_have_ended(sim, trace):
    left, right = trace(), trace(KICK, name="short.trace.jsonl")
    lines = right.read_text().splitlines(keepends=True)
    right.write_text("".join(lines[:-2]))
    result = sim("diff", left, right)
    assert result.exit_code == 1
    assert "  has ended" in result.output.splitlines()


def test_quiet_says_where_in_one_line(sim, trace):
    left, right = trace(), trace(KICK, "--seed", 4, name="other.trace.jsonl")
    assert len(sim("diff", left, right, "-q").output.splitlines()) == 1


def test_a_difference_as_json(sim, trace):
    left, right = trace(), trace(KICK, "--seed", 4, name="other.trace.jsonl")
    data = json.loads(sim("diff", left, right, "--json").output)
    parted = data["difference"]
    assert data["same"] is False
    assert parted["left"]["seq"] == parted["right"]["seq"] == parted["record"]
    assert parted["causes_left"][-1] == parted["left"]
    assert json.loads(sim("diff", left, left, "--json").output) == {
        "same": True,
        "header": [],
        "difference": None,
    }


def test_one_side_may_come_from_standard_input(sim, trace):
    path = trace()
    assert sim("diff", path, "-", input=path.read_bytes()).exit_code == 0
    assert sim("diff", "-", "-", input=path.read_bytes()).exit_code == 2


def test_a_missed_expectation_is_found_in_the_trace_as_in_the_run(sim, trace, scenario):
    result = sim("check", trace(WRONG))
    assert result.exit_code == sim("run", scenario(WRONG)).exit_code == 1
    assert "broken  bob sees sessionDisconnected(networkDisconnected): bob saw" in result.output
    assert result.output.splitlines()[-1] == "wrong: broken"


def test_a_law_that_is_expected_to_break_is_no_failure_of_the_trace(sim, trace):
    path = trace(FATAL)
    assert sim("check", path, "-q").output == "fatal: all held\n"
    assert "reconnect-first (as expected)" in sim("check", path).output


def test_expectations_that_cannot_be_judged_are_said_not_to_be(sim, trace):
    path = trace(WRONG)
    by_law = sim("check", path, "--law", "one-end")
    assert (by_law.exit_code, "not judged: only the laws" in by_law.output) == (0, True)
    alone = sim("check", with_header(trace(WRONG, name="alone.jsonl"), scenario=None))
    assert alone.exit_code == 0
    assert "Expectations were not judged: the trace holds no scenario" in alone.output
    off = sim("check", cut(path))
    assert off.exit_code == 4
    assert "Expectations were not judged: the trace was cut off" in off.output
    assert json.loads(sim("check", path, "--json").stdout)["expect"] is None


@pytest.mark.parametrize("verb", ["check", "replay", "explain", "diff"])
def test_what_is_no_trace_is_refused_in_a_sentence(sim, scenario, verb):
    more = {"explain": [1], "diff": [scenario()]}.get(verb, [])
    result = sim(verb, scenario(), *more)
    assert result.exit_code == 2
    assert "it is not a trace" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_trace_is_refused_in_a_sentence(sim, tmp_path):
    result = sim("check", tmp_path / "none.jsonl")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


# -- explain by what somebody was told -------------------------------------------------------------


def test_an_event_is_named_by_who_was_told_of_it(sim, trace):
    path = trace(DROP)
    number = numbers_of(path, "sessionReconnecting")[0]
    for more in ([], ["--nth", 1], ["--json"]):
        json_too = [each for each in more if each == "--json"]
        named = sim("explain", path, "--person", "adam", "--event", "sessionReconnecting", *more)
        assert (named.exit_code, named.output) == (
            0,
            sim("explain", path, number, *json_too).output,
        )
    piped = sim("explain", "-", "--event", "sessionReconnecting", input=path.read_bytes())
    assert piped.output == sim("explain", path, number).output


def test_the_nth_time_counts_for_that_person(sim, trace):
    path = trace(DROP)
    told = [
        r.seq for r in product.read_trace(path) if (r.client, r.name) == ("zoe", "streamCreated")
    ]
    result = sim("explain", path, "--person", "zoe", "--event", "streamCreated", "--nth", len(told))
    assert f"-> #{told[-1]} " in result.output


@pytest.mark.parametrize(
    "event",
    [
        "publisher.streamDestroyed",
        "publisher.streamDestroyed(forceDisconnected)",
        "publisher.streamDestroyed(forceDisconnected) of bob",
        "publisher.streamDestroyed of bob",
        "subscriber.destroyed",
        "subscriber(alice).destroyed",
        "connectionDestroyed of bob",
    ],
)
def test_an_event_is_named_as_an_expectation_names_it(sim, trace, event):
    path = trace()
    item = parse(f"bob sees {event}").sequence[0].item
    cast = Cast(product.read_trace(path).header.people)
    seen = []
    for record in product.read_trace(path):
        cast.see(record)
        if record.kind == "event" and cast.matches(item, record):
            seen.append(record.seq)
    assert seen
    for nth, number in enumerate(seen, start=1):
        told = sim("explain", path, "--event", event, "--nth", nth, "--json").output
        assert json.loads(told)[-1]["seq"] == number


def test_the_name_of_an_event_alone_may_be_that_of_any_object(sim, trace):
    path = trace()
    first = next(r.seq for r in product.read_trace(path) if r.name == "destroyed")
    assert json.loads(sim("explain", path, "--event", "destroyed", "--json").output)[-1]["seq"] == (
        first
    )


def test_the_number_of_a_record_is_written_as_the_story_shows_it(sim, trace):
    path = trace()
    assert sim("explain", path, "#40").output == sim("explain", path, 40).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name either the number of a RECORD or an --event."),
        (["3", "--event", "x"], "Name either the number of a RECORD or an --event."),
        (["3", "--person", "adam"], "--person and --nth belong to --event"),
        (["#x"], "'#x' is not the number of a record, such as 88 or #88."),
        (["#٣"], "'#٣' is not the number of a record, such as 88 or #88."),
        (["#0"], "0 is not in the range"),
        (["--event", "publisher.streamDestroyd"], "did you mean 'publisher.streamCreated'?"),
        (["--event", "sessionReconecting"], "did you mean 'sessionReconnecting'?"),
        (["--event", "streamCreated", "--person", "adm"], "did you mean 'adam'?"),
        (["--event", "sessionReconnecting", "--nth", "9"], "anybody is told of it once."),
    ],
)
def test_what_was_told_to_nobody_is_refused_in_a_sentence(sim, trace, arguments, said):
    result = sim("explain", trace(DROP), *arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_the_quirks_of_two_profiles_are_not_listed_beside_their_names(sim, trace):
    documented = trace()
    shipped = trace(KICK + "profile: opentok.js-2.35.2\n", name="shipped.jsonl")
    switched = trace(
        KICK + "profile: {base: documented, quirks: {reconnecting-while-connecting: true}}\n",
        name="switched.jsonl",
    )
    header = [
        each for each in sim("diff", documented, shipped).output.splitlines() if "header" in each
    ]
    assert any("profile is documented in" in line for line in header)
    assert not any("header: quirks" in line or "header: of quirks" in line for line in header)
    told = " ".join(sim("diff", documented, switched).output.split())
    assert f"header: quirks is none in {documented}, reconnecting-while-connecting in" in told
