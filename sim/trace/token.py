"""Replay tokens: a short text that names a run.

``sim1-`` and then, in base 32 without padding: the first 8 bytes of the scenario's hash, seed,
replication, version, profile and options, and 4 bytes of checksum. A token does not contain the
scenario. Who replays it has to have the file, which is recognised by its hash: a program looks
through the scenario files that it is given or knows for one that :meth:`Token.names`.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from hashlib import blake2b
from typing import Final

from attrs import frozen

from sim.protocol.quirks import QUIRKS, Profile, profile
from sim.trace.header import Header

PREFIX: Final = "sim1-"
HASH_DIGITS: Final = 16
"""Hexadecimal digits of the scenario's hash in a token: enough to tell files apart."""

PERMUTED: Final = "permute-ties"
"""The option of a run with permuted ties."""
BARE: Final = "bare-profile"
"""The option of a run with a profile as it is named, where the scenario switches quirks of it."""
ON: Final = "+"
"""Begins the option of a run in which a quirk is on that its profile does not have."""
OFF: Final = "-"
"""Begins the option of a run in which a quirk of its profile is off."""

OWN_APP: Final = "app="
"""The option of a run in which somebody has app code of their own; their name follows."""
OWN_CLIENT: Final = "client=own"
"""The option of a run with another model of the client."""
OWN_PLATFORM: Final = "platform=own"
"""The option of a run with another model of the platform."""

_CHECKSUM: Final = 4
_ALIKE: Final = str.maketrans("018", "OLB")
"""Digits that base 32 does not use, and the letters for which people take them."""


@frozen
class Token:
    """What a token says.

    ``scenario`` is the first 16 hexadecimal digits of the scenario's hash. ``options`` are whatever
    else changes the run, as short texts such as ``permute-ties`` or ``duration=90s``, in the order
    given; who makes a token and who replays it agree on them.
    """

    scenario: str
    seed: int
    replication: int = 0
    version: str = ""
    profile: str = "documented"
    options: tuple[str, ...] = ()

    @classmethod
    def of(cls, header: Header, options: tuple[str, ...] = ()) -> Token:
        """The token of the run that a header describes; the quirks that it switches come last."""
        return cls(
            header.scenario_hash[:HASH_DIGITS],
            header.seed,
            header.replication,
            header.version,
            header.profile,
            (*options, *switched(Profile(header.profile, frozenset(header.quirks)))),
        )

    @property
    def switches(self) -> dict[str, bool]:
        """The quirks that are switched on (true) or off of what the profile has."""
        return {each[1:]: each[0] == ON for each in self.options if each[:1] in (ON, OFF)}

    def client(self, written: Profile) -> Profile:
        """The profile of the run, of a scenario in which this one is ``written``.

        Raises ``ValueError`` for a profile or a quirk that this version does not have.
        """
        run = profile(self.profile, self.switches)
        names_all = run.switches or BARE in self.options or run.name != written.name
        return run if names_all else written

    def names(self, scenario_hash: str) -> bool:
        """Whether the run is one of the scenario with that hash."""
        return scenario_hash[:HASH_DIGITS] == self.scenario

    def __str__(self) -> str:
        body = bytes.fromhex(self.scenario.ljust(HASH_DIGITS, "0"))
        body += _number(self.seed) + _number(self.replication)
        body += _text(self.version)
        body += _text("" if self.profile == "documented" else self.profile)
        body += b"".join(map(_option, self.options))
        return PREFIX + b32encode(body + _checksum(body)).decode("ascii").rstrip("=").lower()

    @classmethod
    def parse(cls, text: str) -> Token:
        """Read a token; blanks and capitals do not matter.

        Raises ``ValueError`` with one sentence when it is mistyped or none.
        """
        body = _Bytes(_body(text))
        scenario = body.take(HASH_DIGITS // 2).hex()
        seed, replication = body.number(), body.number()
        version, profile = body.text(), body.text()
        options = []
        while body.rest:
            options.append(body.option())
        return cls(scenario, seed, replication, version, profile or "documented", tuple(options))


def switched(profile: Profile) -> tuple[str, ...]:
    """The quirks that a profile switches of those of its name, as options of a token."""
    return tuple((ON if on else OFF) + name for name, on in profile.switches.items())


def _body(text: str) -> bytes:
    """The bytes of a token, checked."""
    joined = "".join(text.split())
    kind = re.match(r"sim([0-9]+)-", joined, re.IGNORECASE)
    if kind is None:
        raise ValueError(f"{text[:40]!r} is no replay token: a token begins with {PREFIX}")
    if kind.group(1) != "1":
        raise ValueError(
            f"a token {kind.group()}... is of another version; this one reads {PREFIX}"
        )
    letters = joined[kind.end() :].upper().translate(_ALIKE)
    try:
        data = b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        data = b""
    body, checksum = data[:-_CHECKSUM], data[-_CHECKSUM:]
    if len(data) <= HASH_DIGITS // 2 + _CHECKSUM or _checksum(body) != checksum:
        raise ValueError("the replay token is mistyped or cut off: its checksum does not fit")
    return body


def _checksum(body: bytes) -> bytes:
    return blake2b(body, digest_size=_CHECKSUM, person=b"replay").digest()


def _number(value: int) -> bytes:
    """A whole number of any size: 7 bits a byte, the sign in the lowest bit."""
    rest = value * 2 if value >= 0 else -value * 2 - 1
    digits = bytearray()
    while rest > 0x7F:
        digits.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([*digits, rest])


def _text(value: str) -> bytes:
    data = value.encode("utf-8")
    return _number(len(data)) + data


def _option(value: str) -> bytes:
    """An option as text; a switched quirk as a few bytes, since there are many of them."""
    short = _SHORT.get(value)
    return _text(value) if short is None else _number(len(short)) + short


def _switch(value: str) -> bytes:
    """Stands for the option that switches a quirk; no text begins so."""
    return b"\xff" + blake2b(value.encode("utf-8"), digest_size=3, person=b"quirk").digest()


_SHORT: Final = {sign + quirk: _switch(sign + quirk) for sign in (ON, OFF) for quirk in QUIRKS}
_LONG: Final = {short: value for value, short in _SHORT.items()}


class _Bytes:
    """Takes a token's bytes apart; refuses parts that do not fit together."""

    def __init__(self, data: bytes) -> None:
        self.rest = data

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if not 0 <= count <= len(self.rest):
            raise ValueError("the replay token's parts do not fit together")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self) -> int:
        """The next number."""
        value = shift = 0
        while (byte := self.take(1)[0]) > 0x7F:
            value |= (byte & 0x7F) << shift
            shift += 7
        value |= byte << shift
        return -(value + 1) // 2 if value & 1 else value // 2

    def text(self) -> str:
        """The next text."""
        return self.take(self.number()).decode("utf-8", "replace")

    def option(self) -> str:
        """The next option. A quirk that this version does not have is named by its digits."""
        data = self.take(self.number())
        if data[:1] != b"\xff":
            return data.decode("utf-8", "replace")
        return _LONG.get(data) or f"{ON}{data[1:].hex()}"
