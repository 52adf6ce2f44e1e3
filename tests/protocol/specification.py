"""What the specification of the real client says, as data (its section numbers are cited in it)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "data" / "opentok-js-2.35.2.json"


@cache
def specification() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))
