"""What a case says of its platform, and the settings that it means."""

import json

from sim.conform.choices import settings
from sim.platform import PlatformSettings

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
    assert settings(RECORDED) == PlatformSettings(
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
    assert settings({}) == PlatformSettings()
    assert settings({"reject_connect": None}).reject_connect is None
    assert settings({"reattach_when_gone": "deleted"}).when_gone == "tell"
