"""Records of the client's quirks at work: one for each of them."""

from __future__ import annotations

from typing import Final

from sim.protocol.quirks import QUIRKS
from sim.protocol.records.entry import Entry

DEVIATIONS: Final = {name: Entry("client", "quirk", name) for name in QUIRKS}
"""By the quirk's name: the client does something else here than its documentation."""

DEVIATION_RECORDS: Final = tuple(DEVIATIONS.values())
