"""Error names and codes of every call, by what went wrong.

Source: spec/opentok-js-2.35.2.md, section 5.2, and its JSON companion (``api_errors``). The code
is None where the shipped client gives none.
"""

from __future__ import annotations

from typing import Final

from attrs import evolve, frozen


@frozen
class ApiError:
    """What a failed call tells its caller."""

    name: str
    code: int | None
    parameter: str | None = None
    """Which argument of the call is wrong, if that is what is wrong."""


NOT_CONNECTED: Final = "not connected"
INVALID: Final = "invalid argument"
DENIED: Final = "no permission"
SOCKET_GONE: Final = "socket gone"
TIMEOUT: Final = "timeout"
CANCELLED: Final = "cancelled"
OTHER: Final = "other"

_CONNECT: Final[dict[str, ApiError]] = {
    "no api key": ApiError("OT_AUTHENTICATION_ERROR", 1004),
    "no session id": ApiError("OT_INVALID_SESSION_ID", 1005),
    "info 400": ApiError("OT_INVALID_SESSION_ID", 1005),
    "info 403": ApiError("OT_AUTHENTICATION_ERROR", 1004),
    "info 404": ApiError("OT_INVALID_SESSION_ID", 1005),
    "info 409": ApiError("OT_TERMS_OF_SERVICE_FAILURE", 1026),
    "info 500": ApiError("OT_UNEXPECTED_SERVER_RESPONSE", 2001),
    "info other": ApiError("OT_UNEXPECTED_ERROR_CODE", 2001),
    "info unreachable": ApiError("OT_CONNECT_FAILED", 1006),
    "socket refused": ApiError("OT_SOCKET_CLOSE_FALLBACK_CODE", 4020),
    "socket timeout": ApiError("OT_SOCKET_CLOSE_TIMEOUT", 4010),
    "create 400": ApiError("OT_CONNECT_FAILED", 1006),
    "create 403": ApiError("OT_CONNECT_FAILED", 1006),
    "create 409": ApiError("OT_CONNECT_FAILED", 1006),
    "create connectionLimitExceeded": ApiError("OT_CONNECTION_LIMIT_EXCEEDED", 1027),
    "create other": ApiError("OT_UNEXPECTED_SERVER_RESPONSE", 2001),
}
_PUBLISH: Final[dict[str, ApiError]] = {
    NOT_CONNECTED: ApiError("OT_NOT_CONNECTED", 1010),
    DENIED: ApiError("OT_PERMISSION_DENIED", 1500),
    INVALID: ApiError("OT_INVALID_PARAMETER", 1500),
    TIMEOUT: ApiError("OT_TIMEOUT", 1500),
    CANCELLED: ApiError("OT_CANCEL", None),
    "destroyed": ApiError("Error", None),
    "status 403": ApiError("OT_STREAM_CREATE_FAILED", 1500),
    "status 404": ApiError("OT_STREAM_CREATE_FAILED", 1500),
    "status 409": ApiError("OT_STREAM_CREATE_FAILED", 1500),
    "status 405": ApiError("OT_STREAM_CREATE_FAILED", 1500),
    OTHER: ApiError("OT_UNEXPECTED_SERVER_RESPONSE", 2001),
}
_SUBSCRIBE: Final[dict[str, ApiError]] = {
    NOT_CONNECTED: ApiError("OT_NOT_CONNECTED", 1501),
    INVALID: ApiError("OT_INVALID_PARAMETER", 1501),
    TIMEOUT: ApiError("OT_TIMEOUT", 1501),
    "status 404": ApiError("OT_STREAM_NOT_FOUND", 1501),
    "streamLimitExceeded": ApiError("OT_STREAM_LIMIT_EXCEEDED", 1605),
    "status 405": ApiError("OT_UNABLE_TO_SUBSCRIBE", 1501),
    "socket lost": ApiError("OT_UNABLE_TO_SUBSCRIBE", 1501),
    "stream destroyed": ApiError("OT_STREAM_DESTROYED", None),
    "unsubscribed": ApiError("Error", None),
    OTHER: ApiError("OT_UNABLE_TO_SUBSCRIBE", 2001),
}
_SIGNAL: Final[dict[str, ApiError]] = {
    NOT_CONNECTED: ApiError("OT_NOT_CONNECTED", 500),
    INVALID: ApiError("OT_INVALID_PARAMETER", 400),
    "too large": ApiError("OT_INVALID_PARAMETER", 413),
    "status 400": ApiError("OT_INVALID_PARAMETER", 400),
    "status 413": ApiError("OT_INVALID_PARAMETER", 413),
    "status 403": ApiError("OT_PERMISSION_DENIED", 403),
    "status 404": ApiError("OT_NOT_FOUND", 404),
    "status 500": ApiError("OT_NOT_CONNECTED", 500),
    SOCKET_GONE: ApiError("OT_NOT_CONNECTED", 404),
    OTHER: ApiError("OT_UNEXPECTED_SERVER_RESPONSE", 2001),
}
_FORCE_DISCONNECT: Final[dict[str, ApiError]] = {
    NOT_CONNECTED: ApiError("OT_NOT_CONNECTED", 1010),
    INVALID: ApiError("OT_INVALID_PARAMETER", 1011),
    "undefined argument": ApiError("TypeError", None),
    DENIED: ApiError("OT_PERMISSION_DENIED", 1520),
    SOCKET_GONE: ApiError("OT_NOT_CONNECTED", 404),
    OTHER: ApiError("OT_INVALID_PARAMETER", 1011),
}
_FORCE_UNPUBLISH: Final[dict[str, ApiError]] = {
    NOT_CONNECTED: ApiError("OT_NOT_CONNECTED", 1010),
    INVALID: ApiError("OT_INVALID_PARAMETER", 1011),
    DENIED: ApiError("OT_PERMISSION_DENIED", 1530),
    "status 403": ApiError("OT_PERMISSION_DENIED", 1530),
    "status 404": ApiError("OT_NOT_FOUND", None),
    SOCKET_GONE: ApiError("OT_NOT_CONNECTED", 404),
    OTHER: ApiError("OT_UNEXPECTED_SERVER_RESPONSE", 2001),
}
_MUTE: Final[dict[str, ApiError]] = {
    NOT_CONNECTED: ApiError("OT_NOT_CONNECTED", 1010),
    INVALID: ApiError("OT_INVALID_PARAMETER", 1011),
    DENIED: ApiError("OT_PERMISSION_DENIED", 1540),
    "status 403": ApiError("OT_PERMISSION_DENIED", 1540),
    "status 404": ApiError("OT_NOT_FOUND", None),
    SOCKET_GONE: ApiError("OT_NOT_CONNECTED", 404),
    OTHER: ApiError("OT_UNEXPECTED_SERVER_RESPONSE", 2001),
}

ERRORS: Final[dict[str, dict[str, ApiError]]] = {
    "connect": _CONNECT,
    "disconnect": {"reconnecting": ApiError("Error", None)},
    "publish": _PUBLISH,
    "subscribe": _SUBSCRIBE,
    "unsubscribe": {INVALID: ApiError("Error", None)},
    "signal": _SIGNAL,
    "forceDisconnect": _FORCE_DISCONNECT,
    "forceUnpublish": _FORCE_UNPUBLISH,
    "forceMuteStream": _MUTE,
    "forceMuteAll": _MUTE,
    "disableForceMute": _MUTE,
}


PARAMETERS: Final = {
    "publish": "publisher",
    "subscribe": "stream",
    "forceDisconnect": "connection",
    "forceUnpublish": "stream",
    "forceMuteStream": "stream",
    "forceMuteAll": "exclusion",
}
"""The only argument of a call that can be wrong; a signal has several."""


def error(call: str, condition: str, parameter: str | None = None) -> ApiError:
    """The error of ``call`` under ``condition``.

    ``parameter`` is the wrong argument of a call that has several, in the vendor's spelling.

    A condition such as ``"status NNN"`` that the call does not list falls back to the call's
    ``"other"``, as the shipped client maps every unlisted answer of the server to one error.

    >>> error("publish", "status 418").name
    'OT_UNEXPECTED_SERVER_RESPONSE'
    """
    table = ERRORS[call]
    found = table[condition] if condition in table else table[OTHER]
    wrong = parameter or (PARAMETERS.get(call) if condition == INVALID else None)
    return found if wrong is None else evolve(found, parameter=wrong)
