"""``conform``: verdicts, the first difference side by side, JSON, bad files."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data" / "conformance"
CASE = DATA / "01b_disconnect_with_publisher_and_subscriber.json"
OTHER = DATA / "06d_no_reconnection_property.json"


@pytest.fixture
def changed(tmp_path):
    """Write a case with something changed; gives the path of the file."""

    def write(change, name="changed.json"):
        data = json.loads(CASE.read_text(encoding="utf-8"))
        change(data)
        path = tmp_path / name
        path.write_text(json.dumps(data), encoding="utf-8")
        return path

    return write


def another_reason(data):
    (ended,) = (t for t in data["expect"]["alice"] if t["event"] == "sessionDisconnected")
    ended["reason"] = "networkDisconnected"


def a_missing_event(data):
    data["expect"]["bob"].pop()


def another_answer(data):
    data["completions"][-1] |= {"ok": False, "error": "OT_OTHER", "code": 9}


def something_left(data):
    data["left"]["bob"]["streams"] = 7


def one_media_event_more(data):
    told = data["expect"]["bob"]
    place = next(number for number, each in enumerate(told) if each.get("media"))
    told.insert(place, told[place] | {"event": "disconnected", "media": True})


def test_cases_that_hold_are_named_and_counted(sim):
    result = sim("conform", CASE, OTHER)
    assert result.exit_code == 0
    assert result.output == f"held     {CASE.stem}\nheld     {OTHER.stem}\n2 held\n"


def test_one_case_needs_no_count(sim):
    assert sim("conform", CASE).output == f"held     {CASE.stem}\n"


def test_a_difference_is_told_side_by_side_with_records_and_causes(sim, changed):
    result = sim("conform", changed(another_reason))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == f"differs  {CASE.stem}"
    assert "alice is told something else of session" in lines[1]
    told = "\n".join(lines)
    assert "recording                            | simulator" in told
    marked = next(line for line in lines if line.startswith("  > "))
    assert marked.split("|")[0].split()[1:] == ["0:01.854", "session", "sessionDisconnected"]
    assert "(networkDisconnected)                | (clientDisconnected)" in told
    below = lines[lines.index(marked) + 2]
    assert below.startswith("  > reason"), "the difference stands below its event"
    assert "reason 'networkDisconnected'         | reason 'clientDisconnected'" in told
    assert "The records around it" in told
    assert "->" in told
    assert "What led to #" in told
    assert "disconnect: from the session" in told


@pytest.mark.parametrize(
    ("change", "words", "left", "right"),
    [
        (a_missing_event, "bob is told something else", "(nothing more)", "connectionDestroyed"),
        (another_answer, "another answer", "failed OT_OTHER", "disconnect (promise) ok"),
        (something_left, "something else left at the end", "streams 7", "streams 1"),
        (
            one_media_event_more,
            "other media events",
            "subscriber(alice): disconnected,",
            "subscriber(alice): connected,",
        ),
    ],
)
def test_every_kind_of_difference_is_told(sim, changed, change, words, left, right):
    output = sim("conform", changed(change)).output
    assert words in " ".join(output.split())
    assert left in " ".join(output.split())
    assert right in output


@pytest.mark.parametrize("change", [another_reason, a_missing_event, another_answer])
def test_no_line_is_wider_than_eighty_columns(sim, changed, change):
    lines = sim("conform", changed(change)).output.splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_more_differences_are_counted(sim, changed):
    def both(data):
        another_reason(data)
        something_left(data)

    assert "and 1 more difference\n" in sim("conform", changed(both)).output


def test_a_case_of_which_nothing_is_simulated_has_no_records_to_show(sim, tmp_path):
    told = {"t_ms": 1, "object": "session", "event": "sessionConnected"}
    data = {
        "case": "nobody does anything",
        "platform": {},
        "clients": {"alice": {"role": "publisher"}},
        "setup_ends_ms": 0,
        "script": [],
        "expect": {"alice": [told]},
        "completions": [],
    }
    path = tmp_path / "nobody.json"
    path.write_text(json.dumps(data))
    result = sim("conform", path)
    assert result.exit_code == 1
    assert "(nothing more)" in result.output
    assert "records" not in result.output


def test_quiet_prints_the_verdicts_alone(sim, changed):
    result = sim("conform", CASE, changed(another_reason), "--quiet")
    assert result.exit_code == 1
    verdicts = [f"held     {CASE.stem}", f"differs  {CASE.stem}", "1 held, 1 differs"]
    assert result.output.splitlines() == verdicts


def test_json_is_one_object_a_case(sim, changed):
    result = sim("conform", "--json", CASE, changed(another_reason))
    assert result.exit_code == 1
    held, differs = (json.loads(line) for line in result.output.splitlines())
    assert held == {"case": CASE.stem, "held": True, "differences": []}
    assert not differs["held"]
    (difference,) = differs["differences"]
    assert difference["client"] == "alice"
    assert difference["what"] == "field"
    assert difference["phase"] == "script"
    assert difference["expected"] == "reason 'networkDisconnected'"
    assert difference["got"] == "reason 'clientDisconnected'"
    assert isinstance(difference["record"], int)


def test_a_case_comes_from_standard_input(sim):
    result = sim("conform", "-", input=CASE.read_bytes())
    assert (result.exit_code, result.output) == (0, f"held     {CASE.stem}\n")


def test_bad_files_are_told_and_the_others_run_all_the_same(sim, changed, tmp_path):
    def wrong(data):
        data["setup_ends_ms"] = "soon"
        data["script"][0]["do"] = "dance"

    bad = changed(wrong)
    undrivable = changed(lambda data: data["script"][0].update(do="dance"), "dance.json")
    binary = tmp_path / "binary.json"
    binary.write_bytes(bytes(range(256)))
    files = bad, undrivable, binary, tmp_path, tmp_path / "nowhere.json"
    result = sim("conform", *files, CASE)
    assert result.exit_code == 2
    assert f"held     {CASE.stem}\n1 held, 5 bad\n" in result.output
    assert f"{bad}: case.setup_ends_ms must be a number\n" in result.output
    assert f"{undrivable}: case.script[0] does 'dance', which is no call;" in result.output
    assert f"{binary}: it is not JSON: " in result.output
    assert f"{tmp_path}: it cannot be read: Is a directory\n" in result.output
    assert f"{tmp_path / 'nowhere.json'}: it cannot be read: No such file" in result.output


def test_a_bad_file_outweighs_a_difference(sim, changed, tmp_path):
    assert sim("conform", changed(another_reason), tmp_path / "nowhere.json").exit_code == 2


def test_a_bad_standard_input_is_named_so(sim):
    result = sim("conform", "-", input=b"{}")
    assert result.exit_code == 2
    assert "<stdin>: case.clients must be an object\n" in result.output


def test_without_a_case_the_usage_is_told(sim):
    result = sim("conform")
    assert result.exit_code == 2
    assert "Missing argument 'CASE...'" in result.output


def test_help_has_an_example(sim):
    result = sim("conform", "--help")
    assert result.exit_code == 0
    assert "python -m sim conform tests/data/conformance/*.json" in result.output
