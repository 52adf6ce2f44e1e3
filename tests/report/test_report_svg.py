"""Stills: well-formed, self-contained, and with every state, fault and breach in them."""

import re
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from drawn import broken, hostile, of_file, timelines, with_messages
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.report.formats.looks import CHAIN, HUES, INK, LOOKS, PATTERNS, SURFACE
from sim.report.formats.svg import NARROWEST, small, write
from sim.report.model.timeline import STATES

SVG = "{http://www.w3.org/2000/svg}"
BROKEN = "quirks/unanswered-publish-swallows-the-end"
ELEMENTS = {
    "svg", "title", "defs", "pattern", "rect", "path", "line", "text", "circle",
}  # fmt: skip


def parsed(text):
    return ET.fromstring(text.encode())


def texts(root):
    return [each.text or "" for each in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", [write, small])
@given(picture=hostile(), width=st.integers(NARROWEST, 900))
@settings(max_examples=25)
def test_whatever_the_texts_it_is_a_picture_and_nothing_else(draw, picture, width):
    root = parsed(draw(picture, width))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= ELEMENTS
    for each in root.iter():
        assert not [name for name in each.keys() if name.startswith("on") or "href" in name]  # noqa: SIM118
    assert root.get("width") == str(width)


@given(timelines())
@settings(max_examples=25)
def test_it_refers_to_nothing_but_its_own_patterns(picture):
    text = write(picture)
    known = set(re.findall(r'<pattern id="([^"]+)"', text))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) == known
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]


@given(timelines(), st.integers(NARROWEST, 900))
@settings(max_examples=25)
def test_areas_are_within_the_picture(picture, width):
    root = parsed(write(picture, width))
    height = float(root.get("height"))
    for each in root.findall(f"{SVG}rect"):
        x, y, wide, high = (float(each.get(key)) for key in ("x", "y", "width", "height"))
        assert wide > 0
        assert high > 0
        assert -0.1 <= x <= width
        assert x + wide <= width + 1
        assert y + high <= height + 0.1


def test_people_states_and_the_clock_can_be_read():
    said = texts(parsed(write(of_file("kick"))))
    assert {"alice", "bob", "carol", "dave", "platform", "connected", "ended"} <= set(said)
    assert {"publisher", "sees bob", "4 connections"} <= set(said)
    assert {"0:00", "0:14", "0:59", "10.5s", "37.9s"} <= set(said)


def test_the_legend_names_the_states_that_occur_and_no_others():
    said = " ".join(texts(parsed(write(of_file("kick")))))
    assert "connected, publishing, showing, connection joined" in said
    assert "reconnecting" not in said


def test_breaches_are_written_and_marked():
    root = parsed(write(of_file(BROKEN)))
    said = texts(root)
    assert any("resolve-in-time" in text for text in said)
    assert [said.count(sign) for sign in "123"] == [2, 2, 2]


def test_a_fault_is_an_area_that_says_what_it_is():
    root = parsed(write(of_file(BROKEN)))
    assert [each.text for each in root.iter(f"{SVG}title")][1:] == ["network down"]


@pytest.mark.parametrize("draw", [of_file, with_messages])
def test_what_led_to_a_breach_stands_out(draw):
    picture, _ = broken(draw("kick"), 100)
    root = parsed(write(picture))
    chain = [each for each in root.findall(f"{SVG}line") if each.get("stroke") == CHAIN]
    assert len(chain) == 2  # the request to the platform, and its message to bob


def test_of_very_many_messages_it_says_how_many_are_not_drawn():
    picture = of_file("kick")
    many = evolve(picture, arrows=picture.arrows * 20)
    said = texts(parsed(write(many)))
    assert f"{len(many.arrows)} more messages are not drawn" in said


def test_a_crowd_is_counted():
    picture = of_file("kick")
    crowd = evolve(picture, lanes=picture.lanes[:1] * 50 + picture.lanes[-1:], shades=(), arrows=())
    said = texts(parsed(write(crowd)))
    assert "35 more" in said
    assert "at most 35" in said


def test_the_small_one_has_people_alone():
    root = parsed(small(of_file("kick")))
    assert "platform" not in texts(root)
    assert float(root.get("height")) < 140


def test_what_is_too_narrow_is_refused():
    with pytest.raises(ValueError, match="a width of 239 is too narrow for a still: at least 240"):
        write(of_file("kick"), 239)


# -- the looks -------------------------------------------------------------------------------------


def test_every_state_has_a_look_and_no_other_of_its_kind_has_the_same():
    assert {kind: set(states) for kind, states in LOOKS.items()} == {
        kind: set(states) for kind, states in STATES.items()
    }
    for states in LOOKS.values():
        patterns = [look.pattern for look in states.values()]
        assert len(set(patterns)) == len(patterns)  # without colours
        assert {look.pattern for look in states.values()} <= set(PATTERNS)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * w for c, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_borders_and_inks_stand_out():
    """Source: WCAG 2.2, success criteria 1.4.3 and 1.4.11."""
    for hue in HUES.values():
        assert contrast(hue.line, SURFACE) >= 3
        assert contrast(hue.line, hue.fill) >= 3
        assert contrast(INK, hue.fill) >= 4.5
