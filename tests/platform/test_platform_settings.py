"""The settings: what is allowed, and how a recording's choices are read."""

import ast
import inspect
import itertools
import json
import textwrap

import attrs
import pytest

from sim.platform import PlatformSettings, from_conformance
from sim.protocol.units import HOUR, SECOND


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"leave_order": "any"},
            "leave_order is 'any'; allowed are stream-first and connection-first",
        ),
        ({"force_ack": "never"}, "force_ack is 'never'; allowed are ack-first and ack-last"),
        ({"signal_ack": ""}, "signal_ack is ''; allowed are ack-first and ack-last"),
        ({"when_gone": "ask"}, "when_gone is 'ask'; allowed are tell and close"),
        ({"detection": 0}, "detection is 0; the least allowed is 1"),
        ({"grace": -1}, "grace is -1; the least allowed is 0"),
        ({"media_idle": -1}, "media_idle is -1; the least allowed is 0"),
        ({"connection_limit": -1}, "connection_limit is -1; the least allowed is 0"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(wrong, sentence) -> None:
    with pytest.raises(ValueError) as error:
        PlatformSettings(**wrong)
    assert str(error.value) == sentence


def test_the_defaults_are_the_documented_ones() -> None:
    settings = PlatformSettings()
    assert (settings.leave_order, settings.force_ack) == ("stream-first", "ack-first")
    assert (settings.detection, settings.grace) == (10 * SECOND, 45 * SECOND)
    assert (settings.media_idle, settings.when_gone) == (4 * HOUR, "tell")


RECORDED = json.loads("""
    {"leave_order": "connection-first", "force_ack": "ack-last", "victim_told_of_own_stream": false,
     "platform_closes_victims_socket": true, "speaks_first_on_reconnect": true, "grace_ms": 2000.5,
     "replays_what_was_missed": false, "leave_reason": "bye", "lost_reason": "gone",
     "p2p": "enabled", "reconnection_enabled": false, "mute_active": true, "udpRelay": false,
     "signal_ack": "ack-last", "reattach_when_gone": "close", "ack_status": "202",
     "reject_connect": {"status": 404, "reason": "connectionLimitExceeded"},
     "unpublish_echo": false}
""")


def test_a_recordings_choices_are_read() -> None:
    settings = from_conformance(RECORDED)
    assert settings == PlatformSettings(
        leave_order="connection-first",
        force_ack="ack-last",
        tell_victim_of_own_stream=False,
        close_victims_socket=True,
        speaks_first_on_reconnect=True,
        grace=2_000_500,
        replay=False,
        leave_reason="bye",
        lost_reason="gone",
        reconnection=False,
        peer_to_peer=True,
        mute_on_entry=True,
        signal_ack="ack-last",
        when_gone="close",
        ack_status=202,
        reject_connect=(404, "connectionLimitExceeded"),
        unpublish_echo=False,
    )


def test_what_a_recording_does_not_say_is_as_by_default() -> None:
    assert from_conformance({}) == PlatformSettings()
    assert from_conformance({"reject_connect": None}).reject_connect is None
    assert from_conformance({"reattach_when_gone": "deleted"}).when_gone == "tell"


def test_every_setting_is_documented() -> None:
    body = ast.parse(textwrap.dedent(inspect.getsource(PlatformSettings))).body[0].body
    documented = [
        setting.target.id
        for setting, text in itertools.pairwise(body)
        if isinstance(setting, ast.AnnAssign) and isinstance(text, ast.Expr)
    ]
    assert documented == [setting.name for setting in attrs.fields(PlatformSettings)]
