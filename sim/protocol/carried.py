"""The data of a signal, as it is carried: as JSON, so that everybody has data of their own."""

from __future__ import annotations

import json
from typing import Any, Final

_HOLDING: Final = (dict, list, tuple)
"""What holds other values, which may be changed."""


def carried(data: Any) -> Any:
    """A copy that nobody else can change.

    What is no JSON stays as it is: such a signal is refused. So does what is nested too deep to be
    read again.
    """
    if not isinstance(data, _HOLDING):
        return data
    try:
        return json.loads(json.dumps(data))
    except (TypeError, ValueError, RecursionError):
        return data
