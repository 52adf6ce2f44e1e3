"""Records of the client's quirks at work: one for each of them."""

from __future__ import annotations

from typing import Final

from sim.protocol.quirks import QUIRKS
from sim.protocol.records.entry import RECORD_NUMBERS, Entry, Field

_BESIDES: Final = Field("besides", RECORD_NUMBERS, optional=True)
DEVIATIONS: Final = {name: Entry("client", "quirk", name, (_BESIDES,)) for name in QUIRKS}
"""By the quirk's name: the client does something else here than its documentation. ``besides`` is
what had a part in that besides its cause, such as the call that is never answered."""

DEVIATION_RECORDS: Final = tuple(DEVIATIONS.values())
