"""What the options say, checked: what makes no sense is refused before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from attrs import frozen

if TYPE_CHECKING:
    from sim.testing.mutants import Mutant
    from sim.trace import Token

LAST: Final = "last"
LAST_FAILED: Final = "session-sim/lastfailed"
"""Where pytest's cache keeps the seed of the run that failed last, and whose it was."""

HANDED_DOWN: Final = "sim_seed"
"""Under this name workers of pytest-xdist are told the seed."""

_LARGEST: Final = 2**64 - 1

_CONTRADICTIONS: Final = (
    ("replay", "seed", "a token names the seed, too"),
    ("replay", "profile", "a token names the profile, too"),
    ("replay", "require", "one run does not reach what a whole suite does"),
    ("mutant", "require", "what a suite reaches is asked of sound runs"),
)


@frozen(kw_only=True)
class Choices:
    """How runs are to be made. What is None is left to the tests and their scenarios."""

    seed: int | None = None
    profile: str | None = None
    mutant: Mutant | None = None
    replay: Token | None = None
    require: tuple[str, ...] = ()
    save: Path
    """Where failures are saved."""
    origin: str = ""
    """The test that has failed with this seed, if that is where it comes from."""


def read(config: pytest.Config) -> Choices:
    """What the command line says, or else the configuration file.

    Raises :class:`pytest.UsageError` with one sentence.
    """
    said = {name: _said(config, name) for name in _READERS}
    if said["replay"] == ("", True):  # others may be empty, against what the file says
        raise pytest.UsageError("--sim-replay: it is empty, as of a variable that is not set")
    given = {name: value for name, (value, _) in said.items() if value}
    for one, other, why in _CONTRADICTIONS:
        if one in given and other in given:
            _contradiction(said, given, one, other, why)
    values: dict[str, Any] = {"save": _default_folder(config)}
    for name, value in given.items():
        try:
            values |= _READERS[name](config, value, said[name][1])
        except ValueError as problem:
            raise pytest.UsageError(f"{_called(said, name)}: {problem}") from None
    return Choices(**values)


def _said(config: pytest.Config, name: str) -> tuple[Any, bool]:
    """What an option is given, and whether that is on the command line."""
    value = config.getoption(f"sim_{name}")
    if value is not None:
        return value.strip(), True
    value = config.getini(f"sim_{name}")
    return (",".join(value) if isinstance(value, list) else str(value or "").strip()), False


def _contradiction(
    said: Mapping[str, tuple[Any, bool]], given: dict[str, Any], one: str, other: str, why: str
) -> None:
    """Leave out what the file says if the command line contradicts it, or refuse both."""
    if said[one][1] == said[other][1]:
        both = f"{_called(said, one)} and {_called(said, other)}"
        raise pytest.UsageError(f"{both} do not go together: {why}")
    del given[other if said[one][1] else one]


def _called(said: Mapping[str, tuple[Any, bool]], name: str) -> str:
    return f"--sim-{name}" if said[name][1] else f"sim_{name} of the configuration file"


def _default_folder(config: pytest.Config) -> Path:
    return config.rootpath / ".sim"


# -- what each says --------------------------------------------------------------------------------


def _seed(config: pytest.Config, text: str, _: bool) -> dict[str, Any]:
    if text == LAST:
        return _last(config)
    if not (text.isascii() and text.isdecimal() and len(text) <= 20 and int(text) <= _LARGEST):
        raise ValueError(f"a seed is a whole number from 0 to {_LARGEST}, or last, not {text!r}")
    return {"seed": int(text)}


def _last(config: pytest.Config) -> dict[str, Any]:
    """A worker cannot look it up, since failures of this very session may be kept by then."""
    handed: Mapping[str, Any] = getattr(config, "workerinput", {})
    if HANDED_DOWN in handed:
        return {"seed": handed[HANDED_DOWN]}
    cache = getattr(config, "cache", None)
    if cache is None:
        raise ValueError("the last seed is kept in pytest's cache, which is switched off")
    kept = cache.get(LAST_FAILED, None)
    if not (isinstance(kept, dict) and isinstance(kept.get("seed"), int)):
        raise ValueError(
            "no run has failed yet, or pytest's cache was cleared since: give a number"
        )
    return {"seed": kept["seed"], "origin": str(kept.get("test", ""))}


def _profile(_: pytest.Config, text: str, __: bool) -> dict[str, Any]:
    from sim.protocol.quirks import PROFILES  # noqa: PLC0415 - only if one is asked for
    from sim.wording import not_one_of  # noqa: PLC0415

    if text not in PROFILES:
        raise ValueError(not_one_of(text, PROFILES, "a profile"))
    return {"profile": text}


def _mutant(_: pytest.Config, text: str, __: bool) -> dict[str, Any]:
    from sim.testing.mutants import mutant  # noqa: PLC0415

    return {"mutant": mutant(text)}


def _replay(_: pytest.Config, text: str, __: bool) -> dict[str, Any]:
    from sim.protocol.quirks import profile  # noqa: PLC0415
    from sim.trace import Token  # noqa: PLC0415

    token = Token.parse(text)
    profile(token.profile, token.switches)
    return {"replay": token}


def _require(_: pytest.Config, text: str, __: bool) -> dict[str, Any]:
    from sim.testing import goals  # noqa: PLC0415

    names = tuple(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))
    goals.check(names)
    return {"require": names}


def _save(config: pytest.Config, text: str, on_command_line: bool) -> dict[str, Any]:
    """A folder is relative to where pytest was started, one of the file to the root directory."""
    from sim.wording import quoted  # noqa: PLC0415 - only if a folder is asked for

    start = config.invocation_params.dir if on_command_line else config.rootpath
    try:
        folder = start / Path(text).expanduser()
        if folder.exists() and not folder.is_dir():
            raise ValueError(f"{quoted(text)} is not a directory")
    except RuntimeError:
        raise ValueError(f"{quoted(text)}: there is no such home directory") from None
    except OSError as problem:
        raise ValueError(f"{quoted(text)}: {problem.strerror or problem}") from None
    return {"save": folder}


_READERS: Final = {
    "seed": _seed,
    "profile": _profile,
    "mutant": _mutant,
    "replay": _replay,
    "require": _require,
    "save": _save,
}
