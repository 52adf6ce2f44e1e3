"""The recordings hold; what they show of the quirks; what the laws say about them."""

import pytest
from recordings import NAMES, observed, recorded

from sim.conform import compare
from sim.conform.recorded import SLOWEST_MEDIA
from sim.laws import Laws
from sim.protocol import quirks
from sim.protocol.quirks import QUIRKS
from sim.protocol.roles import ROLES
from sim.protocol.units import MILLISECOND, SECOND
from sim.trace import Bounds, Header, Person

SHIPPED, DOCUMENTED = "opentok.js-2.35.2", "documented"

BROKEN = {
    "06d": ("reconnect-first",),
    "11j": ("one-end",),
    "a11": ("completed-once",),
    "m10": ("signals",),
    "m12": ("one-end", "reason-has-cause"),
    "m3": ("one-end", "one-subscriber-per-stream"),
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
SHOWN = {
    "06d": {quirks.UNANNOUNCED},
    "11g": {quirks.UNANSWERED},
    "11j": {quirks.STUCK},
    "12b": {quirks.LEFT_BEHIND},
    "12d": {quirks.LEFT_BEHIND},
    "12e": {quirks.LEFT_BEHIND},
    "a11": {quirks.UNANSWERED},
    "a5": {quirks.UNANSWERED},
    "a9": {quirks.LIVES_ON},
    "m10": {quirks.SENT_EARLY},
    "m11": {quirks.UNANSWERED_PUBLISH, quirks.KEPT_PUBLISHER},
    "m12": {quirks.SWALLOWED},
    "m13": {quirks.EARLY},
    "m2_I_disconnect_while_away": {quirks.LEFT_BEHIND},
    "m2_newcomer_subscribes_to_a_ghost": {quirks.LEFT_BEHIND},
    "m3": {quirks.SWALLOWED},
    "m4": {quirks.LIVES_ON},
    "m5_prevented_when_its_stream_ends_while_media_are_bound": {quirks.HALF_BOUND},
    "m5b": {quirks.HALF_BOUND},
    "m6_ended_before_camera": {quirks.END_UNTOLD, quirks.SWALLOWED},
    "m6_kept_before_camera": {quirks.SPOILT, quirks.KEPT_PUBLISHER},
    "m8_disconnect_while_reconnecting_and_publishing": {quirks.END_UNTOLD},
    "m8_disconnect_with_a_request_open": {quirks.END_UNTOLD, quirks.LIVES_ON, quirks.SWALLOWED},
    "m8_forceDisconnect_while_reconnecting_and_publishing": {quirks.UNANSWERED_PUBLISH},
    "m8_removed_with_a_request_open_kept": {quirks.END_UNTOLD, quirks.KEPT_PUBLISHER},
    "m8_window_over_while_publishing": {quirks.END_UNTOLD},
    "m8_window_over_while_publishing_and_then": {
        quirks.END_UNTOLD,
        quirks.SWALLOWED,
        quirks.OPENING_STUCK,
    },
    "m9_destroyed_after_request": {quirks.STREAM_LEFT},
    "m9_publish_destroy_130ms": {quirks.UNANSWERED_PUBLISH},
    "r0102": {quirks.UNANSWERED, quirks.KEPT_PUBLISHER},
    "r0109": {quirks.SWALLOWED},
    "r0112": {quirks.END_UNTOLD},
    "r0121": {quirks.UNANNOUNCED},
    "r0203": {quirks.UNANSWERED},
    "r0219": {quirks.UNANNOUNCED},
}
"""The quirks that a recording shows: without any one of them it does not hold."""


def of(table, name, otherwise):
    """The entry of a recording in a table, by its name or its number."""
    return table.get(name) or table.get(name.partition("_")[0], otherwise)


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
    assert len(NAMES) == 53 + 35 + 26


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
    assert differs == bool(of(SHOWN, name, None))


@pytest.mark.parametrize(
    ("name", "quirk"),
    [(name, quirk) for name in NAMES for quirk in sorted(of(SHOWN, name, ()))],
)
def test_without_the_quirk_its_recording_does_not_hold(name, quirk):
    assert compare(recorded(name), observed(name, **{quirk: False}))


@pytest.mark.parametrize("name", NAMES)
def test_the_other_quirks_do_not_show_in_a_recording(name):
    others = {quirk: False for quirk in QUIRKS if quirk not in of(SHOWN, name, ())}
    assert compare(recorded(name), observed(name, **others)) == []


def test_a_recording_is_reenacted_in_the_same_way_every_time():
    from sim.conform import reenact

    name = "05e_events_while_away"
    assert reenact(recorded(name)).records == observed(name).records
