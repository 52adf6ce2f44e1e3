"""Why something ended, spelled as the vendor spells it (spec section 1 and 1.4)."""

from __future__ import annotations

from typing import Final

CLIENT_DISCONNECTED: Final = "clientDisconnected"
FORCE_DISCONNECTED: Final = "forceDisconnected"
FORCE_UNPUBLISHED: Final = "forceUnpublished"
NETWORK_DISCONNECTED: Final = "networkDisconnected"
NETWORK_TIMED_OUT: Final = "networkTimedout"
MEDIA_IDLE: Final = "mediaIdle"
SERVER_ROTATION: Final = "serverRotation"
MEDIA_STOPPED: Final = "mediaStopped"
RESET: Final = "reset"
UNPUBLISHED: Final = "unpublished"
UNSUBSCRIBE: Final = "Unsubscribe"
PEER_DISCONNECTED: Final = "peerConnection is disconnected"
STREAM_NOT_FOUND: Final = "streamNotFound"
BIND_FAILED: Final = "Stream has failed to bind."
UNKNOWN: Final = "Unknown"

SESSION_DISCONNECTED: Final = (
    CLIENT_DISCONNECTED,
    FORCE_DISCONNECTED,
    NETWORK_DISCONNECTED,
    MEDIA_IDLE,
    SERVER_ROTATION,
)
CONNECTION_DESTROYED: Final = SESSION_DISCONNECTED
STREAM_DESTROYED: Final = (
    CLIENT_DISCONNECTED,
    FORCE_DISCONNECTED,
    FORCE_UNPUBLISHED,
    NETWORK_DISCONNECTED,
    MEDIA_STOPPED,
    RESET,
    SERVER_ROTATION,
)
PUBLISHER_STREAM_DESTROYED: Final = (
    UNPUBLISHED,
    RESET,
    MEDIA_STOPPED,
    FORCE_UNPUBLISHED,
    *SESSION_DISCONNECTED,
)
SUBSCRIBER_DESTROYED: Final = (
    UNSUBSCRIBE,
    CLIENT_DISCONNECTED,
    FORCE_DISCONNECTED,
    FORCE_UNPUBLISHED,
    NETWORK_DISCONNECTED,
    MEDIA_IDLE,
    SERVER_ROTATION,
    PEER_DISCONNECTED,
    STREAM_NOT_FOUND,
    BIND_FAILED,
    UNKNOWN,
)

WHEN_NONE_IS_SENT: Final = CLIENT_DISCONNECTED
"""What the client reports when the platform names no reason (L12528, L66800)."""

REWRITTEN: Final[dict[str, str]] = {NETWORK_TIMED_OUT: NETWORK_DISCONNECTED}
"""Internal reasons and what apps see instead (L66721)."""
