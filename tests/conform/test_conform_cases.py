"""The recordings hold; what they show of the quirks; what the laws say about them."""

import pytest
from recordings import NAMES, observed, recorded

from sim.conform import compare
from sim.laws import Laws
from sim.protocol import quirks
from sim.protocol.quirks import QUIRKS
from sim.protocol.roles import ROLES
from sim.protocol.units import MILLISECOND, SECOND
from sim.trace import Bounds, Header, Person

SHIPPED, DOCUMENTED = "opentok.js-2.35.2", "documented"

BROKEN = {"06d": ("reconnect-first",), "11j": ("one-end",), "m12": ("one-end", "reason-has-cause")}
"""The laws that the shipped client breaks, by recording."""
SHOWN = {
    "06d": quirks.UNANNOUNCED,
    "11g": quirks.UNANSWERED,
    "11j": quirks.STUCK,
    "12b": quirks.LEFT_BEHIND,
    "12d": quirks.LEFT_BEHIND,
    "12e": quirks.LEFT_BEHIND,
    "m12": quirks.SWALLOWED,
    "m13": quirks.EARLY,
    "m2_newcomer_subscribes_to_a_ghost": quirks.LEFT_BEHIND,
    "m5_prevented_when_its_stream_ends_while_media_are_bound": quirks.HALF_BOUND,
}
"""The quirk that a recording shows."""


def of(table, name, otherwise):
    """The entry of a recording in a table by names or their beginnings."""
    return table.get(name) or table.get(name.partition("_")[0], otherwise)


def header(case):
    """What the laws must know: who may what, and the bounds of the recorded platform."""
    people = {
        name: Person(
            role=client.role,
            capabilities=tuple(map(str, ROLES[client.role])),
            prevents=tuple(event for _, event in client.prevent_default),
            suppressed=client.connection_events_suppressed,
        )
        for name, client in case.clients.items()
    }
    grace = int(case.platform["grace_ms"] * MILLISECOND)
    return Header(people=people, bounds=Bounds(grace=grace))


def broken(name, profile):
    case = recorded(name)
    laws = Laws(header(case))
    for record in observed(name, profile).records:
        laws(record)
    verdicts = laws.finish(case.last + SECOND)
    return tuple(name for name, verdict in verdicts.items() if verdict.broken)


def test_all_the_recordings_are_here():
    assert len(NAMES) == 56


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_holds(name):
    assert compare(recorded(name), observed(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_laws_that_the_shipped_client_breaks_in_a_recording(name):
    assert broken(name, SHIPPED) == of(BROKEN, name, ())


@pytest.mark.parametrize("name", NAMES)
def test_as_documented_no_recording_breaks_a_law(name):
    assert broken(name, DOCUMENTED) == ()


@pytest.mark.parametrize("name", NAMES)
def test_as_documented_apps_are_told_what_was_recorded_unless_a_quirk_shows(name):
    differs = bool(compare(recorded(name), observed(name, DOCUMENTED)))
    assert differs == (of(SHOWN, name, None) is not None)


@pytest.mark.parametrize(("beginning", "quirk"), SHOWN.items())
def test_without_the_quirk_its_recording_does_not_hold(beginning, quirk):
    (name,) = (name for name in NAMES if f"{name}_".startswith(beginning + "_"))
    assert compare(recorded(name), observed(name, **{quirk: False}))


@pytest.mark.parametrize("name", NAMES)
def test_the_other_quirks_do_not_show_in_a_recording(name):
    shown = of(SHOWN, name, None)
    others = {quirk: False for quirk in QUIRKS if quirk != shown}
    assert compare(recorded(name), observed(name, **others)) == []


def test_a_recording_is_reenacted_in_the_same_way_every_time():
    from sim.conform import reenact

    name = "05e_events_while_away"
    assert reenact(recorded(name)).records == observed(name).records
