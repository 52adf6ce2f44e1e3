"""The catalogue of events: which object dispatches what, and what the app may prevent.

Source: spec/opentok-js-2.35.2.md, section 1, with the lines it cites. ``cancelable`` is what
the shipped client really sets; an event outside the subject (device, audio level, captions,
statistics) is listed so that the catalogue is whole, with ``in_scope`` false.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from sim.protocol import reasons


@frozen
class EventSpec:
    """One event of one class of objects."""

    object: str
    """``Session``, ``Publisher``, ``Subscriber`` or ``OT``."""
    name: str
    event_class: str
    cancelable: bool | None
    """None where what is dispatched is no Event object at all."""
    source: str
    fields: tuple[str, ...] = ()
    default_action: str | None = None
    reasons: tuple[str, ...] = ()
    in_scope: bool = True


def _session(name: str, event_class: str, source: str, *fields: str) -> EventSpec:
    return EventSpec("Session", name, event_class, False, source, fields)


def _outside(object: str, name: str, event_class: str, source: str, *fields: str) -> EventSpec:
    cancelable = None if event_class in ("none", "plain object", "Error (plain)") else False
    return EventSpec(object, name, event_class, cancelable, source, fields, in_scope=False)


def _stream_destroyed(object: str, source: str, default: str, why: tuple[str, ...]) -> EventSpec:
    fields = ("stream", "streams", "reason")
    return EventSpec(object, "streamDestroyed", "StreamEvent", True, source, fields, default, why)


_STREAM: Final = ("stream", "streams", "reason")
_CONNECTION: Final = ("connection", "connections", "reason")

EVENTS: Final[tuple[EventSpec, ...]] = (
    _session(
        "sessionConnected", "SessionConnectEvent", "L77871", "connections", "streams", "archives"
    ),
    _session("sessionReconnecting", "Event", "L77909"),
    EventSpec("Session", "sessionReconnected", "Event", True, "L77912"),
    EventSpec(
        "Session",
        "sessionDisconnected",
        "SessionDisconnectEvent",
        True,
        "L77981",
        ("reason",),
        "destroy the Subscribers of this session",
        reasons.SESSION_DISCONNECTED,
    ),
    _session("connectionCreated", "ConnectionEvent", "L77656", *_CONNECTION),
    EventSpec(
        "Session",
        "connectionDestroyed",
        "ConnectionEvent",
        False,
        "L66767",
        _CONNECTION,
        None,
        reasons.CONNECTION_DESTROYED,
    ),
    _session("streamCreated", "StreamEvent", "L66779", *_STREAM),
    _stream_destroyed(
        "Session", "L66799", "destroy the Subscribers of the stream", reasons.STREAM_DESTROYED
    ),
    _session(
        "streamPropertyChanged",
        "StreamPropertyChangedEvent",
        "L66783",
        "stream",
        "changedProperty",
        "oldValue",
        "newValue",
    ),
    _session("signal", "SignalEvent", "L68718", "type", "data", "from"),
    _session("signal:<type>", "SignalEvent", "L68727", "type", "data", "from"),
    _session("muteForced", "MuteForcedEvent", "L68893", "active"),
    EventSpec("Publisher", "streamCreated", "StreamEvent", False, "L42673", _STREAM),
    _stream_destroyed(
        "Publisher", "L46320", "publisher.destroy()", reasons.PUBLISHER_STREAM_DESTROYED
    ),
    EventSpec("Publisher", "destroyed", "DestroyedEvent", False, "L44727", ("reason", "target")),
    EventSpec("Publisher", "muteForced", "MuteForcedEvent", False, "L46455"),
    EventSpec(
        "Subscriber", "connected", "ConnectionStateChangedEvent", False, "L23159", ("target",)
    ),
    EventSpec(
        "Subscriber", "disconnected", "ConnectionStateChangedEvent", False, "L23159", ("target",)
    ),
    EventSpec(
        "Subscriber",
        "destroyed",
        "DestroyedEvent",
        False,
        "L23813",
        ("reason", "target"),
        None,
        reasons.SUBSCRIBER_DESTROYED,
    ),
    EventSpec(
        "Subscriber", "videoDisabled", "VideoEnabledChangedEvent", False, "L23136", ("reason",)
    ),
    EventSpec(
        "Subscriber", "videoEnabled", "VideoEnabledChangedEvent", False, "L23136", ("reason",)
    ),
    _outside("OT", "exception", "ExceptionEvent", "L77545", "code", "title", "message"),
    _outside("Session", "archiveStarted", "ArchiveEvent", "L66839", "id", "name", "status"),
    _outside("Session", "archiveStopped", "ArchiveEvent", "L66845", "id", "name", "status"),
    _outside("Session", "archiveUpdated", "ArchiveEvent", "L66852", "id", "name", "status"),
    _outside("Session", "archiveDestroyed", "ArchiveEvent", "L66843", "id", "name", "status"),
    _outside("Session", "cpuPerformanceChanged", "CpuPerformanceChangedEvent", "L66686"),
    _outside("Session", "sessionConnectFailed", "Error (plain)", "L66713", "code", "message"),
    _outside("Publisher", "accessAllowed", "Event", "L42269"),
    _outside("Publisher", "accessDenied", "ExceptionEvent", "L41767", "message", "title", "code"),
    EventSpec("Publisher", "accessDialogOpened", "Event", True, "L41787", in_scope=False),
    _outside("Publisher", "accessDialogClosed", "Event", "L41791"),
    EventSpec(
        "Publisher",
        "mediaStopped",
        "MediaStoppedEvent",
        True,
        "L43544",
        ("track",),
        "unpublish or destroy when all tracks ended",
        in_scope=False,
    ),
    _outside("Publisher", "audioLevelUpdated", "AudioLevelUpdatedEvent", "L57037"),
    _outside("Publisher", "audioInputDeviceChanged", "AudioInputDeviceChangedEvent", "L74357"),
    _outside("Publisher", "videoDimensionsChanged", "VideoDimensionsChangedEvent", "L43542"),
    _outside("Publisher", "videoElementCreated", "VideoElementCreatedEvent", "L43585"),
    _outside("Publisher", "mediaStreamAvailable", "MediaStreamAvailableEvent", "L43583"),
    _outside("Publisher", "videoDisabled", "plain object", "L44386", "reason"),
    _outside("Publisher", "videoEnabled", "plain object", "L44354", "reason"),
    _outside("Publisher", "videoDisableWarning", "none", "L44375"),
    _outside("Publisher", "videoDisableWarningLifted", "none", "L44358"),
    _outside("Publisher", "videoQualityChanged", "plain object", "L42811", "reason"),
    _outside("Publisher", "networkConditionChanged", "plain object", "L42821", "reason"),
    _outside("Subscriber", "videoDisableWarning", "VideoDisableWarningEvent", "L23285"),
    _outside("Subscriber", "videoDisableWarningLifted", "VideoDisableWarningEvent", "L23289"),
    _outside("Subscriber", "audioBlocked", "none", "L25471"),
    _outside("Subscriber", "audioUnblocked", "none", "L25472"),
    _outside("Subscriber", "audioLevelUpdated", "AudioLevelUpdatedEvent", "L5833"),
    _outside("Subscriber", "captionReceived", "CaptionReceivedEvent", "L22453"),
    _outside("Subscriber", "encryptionSecretMismatch", "none", "L23614"),
    _outside("Subscriber", "encryptionSecretMatch", "none", "L23619"),
    _outside("Subscriber", "videoDimensionsChanged", "VideoDimensionsChangedEvent", "L23277"),
    _outside("Subscriber", "videoElementCreated", "VideoElementCreatedEvent", "L25481"),
    _outside("Subscriber", "mediaStreamAvailable", "MediaStreamAvailableEvent", "L22867"),
    _outside("Subscriber", "qualityScoreChanged", "QualityScoreChangedEvent", "L28944"),
    _outside("Subscriber", "videoQualityChanged", "plain object", "L22351", "reason"),
    _outside("Subscriber", "networkConditionChanged", "plain object", "L21944", "reason"),
)

CATALOGUE: Final[dict[tuple[str, str], EventSpec]] = {(e.object, e.name): e for e in EVENTS}
CANCELABLE: Final[dict[tuple[str, str], bool]] = {
    k: bool(e.cancelable) for k, e in CATALOGUE.items()
}

ENDS: Final = frozenset(event.name for event in EVENTS if event.reasons)
"""The names of events that say that something has ended, and why."""
