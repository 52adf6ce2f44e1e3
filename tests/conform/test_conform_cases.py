"""The recordings hold; what they show of the quirks; what the laws say about them."""

import pytest
from recordings import NAMES, observed, recorded

from docs.list_quirks import RECORDINGS
from sim.conform import compare
from sim.conform.recorded import SLOWEST_MEDIA
from sim.laws import Laws
from sim.protocol.quirks import QUIRKS
from sim.protocol.roles import ROLES
from sim.protocol.units import MILLISECOND, SECOND
from sim.trace import Bounds, Header, Person

SHIPPED, DOCUMENTED = "opentok.js-2.35.2", "documented"

BROKEN = {
    "m20_removed_and_connected_again_at_once": ("reason-has-cause",),
    "r7710": ("reason-has-cause",),
    "06d": ("reconnect-first",),
    "11j": ("one-end",),
    "a11": ("completed-once",),
    "m10": ("signals",),
    "m12": ("one-end", "reason-has-cause"),
    "m17": ("one-end",),
    "m18": ("destroyed-once",),
    "m3": ("one-end", "one-subscriber-per-stream"),
    "m5_kept_while_media_begin_to_be_bound": ("cleanup-prevented",),
    "m5b": ("cleanup-prevented",),
    "m6_ended_before_camera": ("one-end",),
    "m8_disconnect_with_a_request_open": ("one-end",),
    "r0102": ("completed-once",),
    "r0109": ("completed-once", "one-end"),
    "r0121": ("reconnect-first",),
    "r0203": ("completed-once",),
    "r0219": ("reconnect-first",),
}
"""The laws that the shipped client breaks, by recording."""
SHOWN = {name: {quirk for quirk, names in RECORDINGS.items() if name in names} for name in NAMES}
"""The quirks that a recording shows: without any one of them it does not hold."""


def broken_in(name):
    """The laws that break in a recording, by its name or its number."""
    return BROKEN.get(name) or BROKEN.get(name.partition("_")[0], ())


def header(case):
    """What the laws must know: who may what, and the bounds of the recorder's machine."""
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
    return Header(people=people, bounds=Bounds(grace=grace, media=SLOWEST_MEDIA))


def broken(name, profile):
    case = recorded(name)
    laws = Laws(header(case))
    for record in observed(name, profile).records:
        laws(record)
    verdicts = laws.finish(case.last + SECOND)
    return tuple(name for name, verdict in verdicts.items() if verdict.broken)


def test_all_the_recordings_are_here():
    assert len(NAMES) == 53 + 35 + 43


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_holds(name):
    assert compare(recorded(name), observed(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_laws_that_the_shipped_client_breaks_in_a_recording(name):
    assert broken(name, SHIPPED) == broken_in(name)


@pytest.mark.parametrize("name", NAMES)
def test_as_documented_no_recording_breaks_a_law(name):
    assert broken(name, DOCUMENTED) == ()


@pytest.mark.parametrize("name", NAMES)
def test_as_documented_apps_are_told_what_was_recorded_unless_a_quirk_shows(name):
    differs = bool(compare(recorded(name), observed(name, DOCUMENTED)))
    assert differs == bool(SHOWN[name])


@pytest.mark.parametrize(
    ("name", "quirk"),
    [(name, quirk) for name in NAMES for quirk in sorted(SHOWN[name])],
)
def test_without_the_quirk_its_recording_does_not_hold(name, quirk):
    assert compare(recorded(name), observed(name, **{quirk: False}))


@pytest.mark.parametrize("name", NAMES)
def test_the_other_quirks_do_not_show_in_a_recording(name):
    others = {quirk: False for quirk in QUIRKS if quirk not in SHOWN[name]}
    assert compare(recorded(name), observed(name, **others)) == []


def test_a_recording_is_reenacted_in_the_same_way_every_time():
    from sim.conform import reenact

    name = "05e_events_while_away"
    assert reenact(recorded(name)).records == observed(name).records
