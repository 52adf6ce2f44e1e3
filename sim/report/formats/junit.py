"""Laws and expectations as a test report: JUnit XML of the schema that builds call xunit2.

One suite has a case for each law, one a case for each expectation; a third one says what is wrong
with the trace, where something is. Virtual time is nobody's waiting: there are no ``time``s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from sim.protocol.units import format_clock
from sim.report.formats.causes import led_to, told
from sim.report.model.timeline import Finding, Timeline

_HELD: Final = "held"
_BROKEN: Final = "broken"
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say, not even escaped."""


def write(timeline: Timeline) -> str:
    """The report as XML.

    A law that was not exercised is a skipped case. A breach that the scenario expects does not
    fail its case, which says so in ``system-out``. A trace that was cut off is a failure, too: the
    schema and those who read it do not agree about what an error is called.
    """
    root = ET.Element("testsuites", name=xml_text(timeline.title))
    suites = [
        _suite(timeline, "laws", list(_laws(timeline))),
        _suite(timeline, "expectations", list(_expectations(timeline))),
    ]
    if timeline.warnings:
        suites.append(_suite(timeline, "trace", [_unwhole(timeline)]))
    for key in _COUNTED:
        root.set(key, str(sum(int(suite.get(key, 0)) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def xml_text(text: str) -> str:
    r"""A text with what no XML may hold as its escape.

    >>> print(xml_text("bell \a"))
    bell \x07
    """
    return _NOT_XML.sub(lambda each: each[0].encode("unicode_escape").decode("ascii"), text)


_COUNTED: Final = {"tests": "testcase", "failures": "failure", "errors": "error"}
"""Attribute of a suite → the elements that it counts."""


def _suite(timeline: Timeline, name: str, cases: list[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    for case in cases:
        case.set("classname", xml_text(f"{timeline.title}.{name}"))
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(timeline).items():
        ET.SubElement(properties, "property", name=key, value=xml_text(value))
    suite.extend(cases)
    for key, tag in {**_COUNTED, "skipped": "skipped"}.items():
        suite.set(key, str(sum(1 for _ in suite.iter(tag))))
    return suite


def _properties(timeline: Timeline) -> dict[str, str]:
    facts = {name: str(value) for name, value in timeline.facts.items()}
    return facts | {"again": timeline.again}


def _laws(timeline: Timeline) -> Iterator[ET.Element]:
    for law, outcome in timeline.laws.items():
        case = _case(law)
        found = [each for each in timeline.findings if each.kind == "law" and each.name == law]
        if outcome == _BROKEN:
            _broken(case, timeline, found, "the law broke")
        elif outcome != _HELD:
            ET.SubElement(case, "skipped", message=outcome)
        yield case


def _expectations(timeline: Timeline) -> Iterator[ET.Element]:
    for text, held in timeline.expectations.items():
        case = _case(text)
        if not held:
            found = [
                each
                for each in timeline.findings
                if each.kind == "expectation" and each.name == text
            ]
            _broken(case, timeline, found, "the expectation did not hold")
        yield case


def _unwhole(timeline: Timeline) -> ET.Element:
    """One case, whatever is wrong: builds know a case by its name."""
    case = _case("the trace is whole")
    words = xml_text("\n".join(timeline.warnings))
    message = xml_text(timeline.warnings[0])
    ET.SubElement(case, "failure", message=message, type="it is not whole").text = words
    return case


def _case(name: str) -> ET.Element:
    return ET.Element("testcase", name=xml_text(name))


def _broken(case: ET.Element, timeline: Timeline, found: list[Finding], plain: str) -> None:
    """Say in a case what broke; one failure is all that the schema has room for."""
    words = "\n".join(_told(timeline, found)) or plain
    if found and all(each.is_expected for each in found):
        ET.SubElement(case, "system-out").text = xml_text(f"This was expected.\n{words}")
        return
    message = found[0].sentence if found else plain
    ET.SubElement(case, "failure", message=xml_text(message), type=plain).text = xml_text(words)


def _told(timeline: Timeline, found: list[Finding]) -> Iterator[str]:
    """Every finding in a sentence, what led to the first, and the line that runs it again."""
    for each in found:
        yield f"{format_clock(each.time)} {each.sentence}"
    first = next((each.row for each in found if each.row is not None), None)
    if first is not None:
        yield "\nWhat led to it, the root first:"
        for row in led_to(timeline, first):
            clock = format_clock(timeline.records[row].time)
            lane = timeline.lanes[timeline.lane_of[row]].name
            yield f"  {clock} {told(timeline, row)} [{lane}]"
    if found and timeline.again:
        yield f"\nAgain: {timeline.again}"
