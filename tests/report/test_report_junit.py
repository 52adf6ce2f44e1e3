"""JUnit XML: one case for each law and each expectation, in the shape that builds read."""

import re
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from drawn import HOSTILE, broken, hostile, judged, of_file, timelines
from hypothesis import given, settings

from sim.report.formats.junit import write, xml_text
from sim.report.model.timeline import Finding

SHAPE = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped"},
        {"properties", "testcase"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname"}, {"skipped", "failure", "system-out"}),
    "skipped": ({"message"}, set()),
    "failure": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}
"""Element → its attributes, all of which it has, and what may be in it.

This is the part that is written of ``junit-10.xsd``, the schema of Jenkins' xunit plug-in, which
pytest calls xunit2.
"""


def suites(picture):
    root = ET.fromstring(write(picture).encode())
    return {suite.get("name"): suite for suite in root}


def cases(picture, suite):
    return {case.get("name"): case for case in suites(picture)[suite].iter("testcase")}


def assert_shaped(element):
    attributes, inside = SHAPE[element.tag]
    assert set(element.keys()) == attributes
    assert {child.tag for child in element} <= inside
    for each in element:
        assert_shaped(each)


@given(timelines())
@settings(max_examples=30)
def test_it_has_one_case_for_each_law_and_each_expectation(picture):
    assert list(cases(picture, "laws")) == list(picture.laws)
    names = [xml_text(text) for text in picture.expectations]
    assert [case.get("name") for case in suites(picture)["expectations"].iter("testcase")] == names


@given(hostile())
@settings(max_examples=30)
def test_whatever_the_texts_it_is_xml_of_that_shape(picture):
    assert_shaped(ET.fromstring(write(picture).encode()))


@given(hostile())
@settings(max_examples=30)
def test_suites_count_what_is_in_them(picture):
    root = ET.fromstring(write(picture).encode())
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for each in (root, *root):
        for key, tag in tags.items():
            if each.tag == "testsuite" or key != "skipped":
                assert each.get(key) == str(len(list(each.iter(tag))))


@given(timelines())
@settings(max_examples=30)
def test_a_case_fails_exactly_if_something_broke_that_was_not_expected(picture):
    found = {(each.kind, each.name): True for each in picture.findings}
    found |= {(f.kind, f.name): False for f in picture.findings if not f.is_expected}
    for kind, suite in (("law", "laws"), ("expectation", "expectations")):
        for name, case in cases(picture, suite).items():
            same = [at for (of, text), at in found.items() if of == kind and xml_text(text) == name]
            assert (case.find("failure") is not None) == (False in same)


def test_a_law_that_was_not_exercised_is_skipped():
    by_law = cases(of_file("kick"), "laws")
    assert by_law["fed-streams"].find("skipped").get("message") == "not exercised"
    assert len(by_law["one-end"]) == 0


def test_a_failure_says_the_sentence_what_led_to_it_and_how_to_see_it_again():
    picture = of_file("kick")
    row = next(at for at, record in enumerate(picture.records) if record.seq == 100)
    record = picture.records[row]
    broken = judged(picture, [Finding("law", "one-end", "bob ended twice", record.time, row)])
    failure = cases(broken, "laws")["one-end"].find("failure")
    assert failure.get("message") == "bob ended twice"
    assert "0:20.009 bob ended twice" in failure.text
    assert "0:20.000 #83 forceDisconnect: of bob [alice]" in failure.text
    assert f"#100 {picture.told[row]}" in failure.text
    assert picture.again in failure.text


def test_a_breach_that_is_expected_does_not_fail():
    picture = of_file("quirks/unanswered-publish-swallows-the-end")
    case = cases(picture, "laws")["one-end"]
    assert case.find("failure") is None
    assert "This was expected." in case.find("system-out").text


def test_a_trace_that_was_cut_off_is_a_failure():
    picture = evolve(of_file("kick"), warnings=("the trace was cut off", "nor was it judged"))
    (case,) = suites(picture)["trace"].iter("testcase")
    assert case.find("failure").get("message") == "the trace was cut off"
    assert case.find("failure").text == "the trace was cut off\nnor was it judged"


def test_what_cannot_be_run_again_does_not_say_how():
    picture, _ = broken(evolve(of_file("kick"), again=""), 1)
    assert "Again" not in write(picture)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_xml_cannot_say_is_written_as_its_escape(text):
    element = ET.Element("a")
    element.text = xml_text(text)
    again = ET.fromstring(ET.tostring(element)).text or ""
    assert again.encode().decode("utf-8") == xml_text(text)
    assert not re.search("[\x00-\x08\ud800-\udfff\ufffe]", again)
