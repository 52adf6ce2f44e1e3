"""The specification's order of events, by situation."""

import json
from pathlib import Path

_FILE = Path(__file__).parent.parent / "data" / "opentok-js-2.35.2.json"
SPECIFICATION = json.loads(_FILE.read_text(encoding="utf-8"))
ORDERS: dict[str, list[str]] = SPECIFICATION["orders"]
