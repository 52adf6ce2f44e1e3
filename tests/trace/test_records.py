import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traces import records

from sim.protocol.journal import ALL, STORY, WIRE
from sim.trace import Record, decode, encode

BOB = Record(5, 2, "bob", "session", "event", "signal", {"b": 1, "a": "é"}, 1)


@given(records())
def test_what_is_written_is_read_again(record):
    assert decode(encode(record)) == (record, STORY)


@given(records(), st.sampled_from([WIRE, ALL]))
def test_finer_records_keep_their_level(record, level):
    record = record._replace(seq=0)
    assert decode(encode(record, level)) == (record, level)


@given(records())
def test_a_line_is_one_line_of_ascii(record):
    line = encode(record)
    assert line.isascii()
    assert "\n" not in line


def test_the_line_is_compact_with_sorted_keys():
    assert encode(BOB) == r'[5,2,"bob","session","event","signal",{"a":"\u00e9","b":1},1]'
    assert encode(BOB._replace(seq=0), WIRE).endswith(',1,"wire"]')


class Odd:
    pass


def test_what_json_cannot_say_is_shown_as_what_it_was():
    loop = []
    loop.append(loop)
    data = {
        "object": Odd(),
        "nan": float("nan"),
        "loop": loop,
        3: "number",
        "set": {1},
        "vast": 10**5000,
        "deep": {"list": [1, (2, Odd())]},
    }
    line = encode(BOB._replace(data=data))
    shown = json.loads(line)[6]
    assert shown["object"] == "<Odd>"
    assert shown["nan"] == "nan"
    assert shown["3"] == "number"
    assert shown["set"] == "<set>"
    assert shown["vast"] == hex(10**5000)
    assert shown["deep"] == {"list": [1, [2, "<Odd>"]]}
    assert "<list>" in json.dumps(shown["loop"])


def test_the_same_record_is_the_same_bytes_under_every_hash_seed():
    program = (
        "from sim.trace import Record, encode;"
        "print(encode(Record(1, 1, 'b', 'o', 'k', 'n', {k: 1 for k in {'x', 'y', 'z'}}, None)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "the line is not JSON"),
        ("", "the line is not JSON"),
        ("[" * 100_000, "the line is nested too deeply to be a record"),
        ("{}", "a record is an array of 8 elements, or of 9 below the story level"),
        ("[1,2]", "a record is an array of 8 elements, or of 9 below the story level"),
        ('[1.5,1,"","","","",{},null]', "the record's time must be a whole number of microseconds"),
        ('[true,1,"","","","",{},null]', "the record's time must be a whole number of microse"),
        ('[1,"1","","","","",{},null]', "the record's seq must be a whole number, not"),
        ('[1,1,3,"","","",{},null]', "the record's client must be a text, not 3"),
        ('[1,1,"","","","",[],null]', "the record's data must be an object, not []"),
        ('[1,1,"","","","",{},"x"]', "the record's cause must be a record's number or null"),
        ('[1,1,"","","","",{},null,"story"]', "a ninth element is the level's name, wire or all"),
        ('[1,1,"","","","",{},null,[]]', "a ninth element is the level's name, wire or all"),
    ],
)
def test_a_line_that_is_no_record_is_refused_in_one_sentence(line, sentence):
    with pytest.raises(ValueError) as caught:
        decode(line)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
