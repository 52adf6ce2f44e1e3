"""The settings: what is allowed."""

import ast
import inspect
import itertools
import textwrap

import attrs
import pytest

from sim.platform import PlatformSettings
from sim.protocol.units import HOUR, SECOND


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"leave_order": "any"},
            "leave_order is 'any'; allowed are stream-first, connection-first and connection-only",
        ),
        ({"force_ack": "never"}, "force_ack is 'never'; allowed are ack-first and ack-last"),
        ({"signal_ack": ""}, "signal_ack is ''; allowed are ack-first and ack-last"),
        ({"when_gone": "ask"}, "when_gone is 'ask'; allowed are tell and close"),
        ({"detection": 0}, "detection is 0; the least allowed is 1"),
        ({"grace": -1}, "grace is -1; the least allowed is 0"),
        ({"media_idle": -1}, "media_idle is -1; the least allowed is 0"),
        ({"connection_limit": -1}, "connection_limit is -1; the least allowed is 0"),
        ({"stream_limit": 10**7}, "stream_limit is 10000000; the most allowed is 1000000"),
        ({"abandon_code": 999}, "abandon_code is 999; the least allowed is 1000"),
        ({"detection": 1.5}, "detection is 1.5; it must be a whole number"),
        ({"detection": True}, "detection is True; it must be a whole number"),
        ({"detection": None}, "detection is None; it must be a whole number"),
        ({"replay": "no"}, "replay is 'no'; allowed are True and False"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(wrong, sentence) -> None:
    with pytest.raises(ValueError) as error:
        PlatformSettings(**wrong)
    assert str(error.value) == sentence


def test_the_defaults_are_the_documented_ones() -> None:
    settings = PlatformSettings()
    assert (settings.leave_order, settings.force_ack) == ("stream-first", "ack-first")
    assert (settings.detection, settings.grace) == (10 * SECOND, 45 * SECOND)
    assert (settings.media_idle, settings.when_gone) == (4 * HOUR, "tell")


def test_a_duration_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="grace: '1 parsec' is not a duration: write numbers"):
        PlatformSettings(grace="1 parsec")


def test_a_duration_may_be_written() -> None:
    written = PlatformSettings(grace="5s", media_idle="1h", announce_after="250ms")
    assert written == PlatformSettings(grace=5 * SECOND, media_idle=HOUR, announce_after=250_000)


def test_every_setting_is_documented() -> None:
    body = ast.parse(textwrap.dedent(inspect.getsource(PlatformSettings))).body[0].body
    documented = [
        setting.target.id
        for setting, text in itertools.pairwise(body)
        if isinstance(setting, ast.AnnAssign) and isinstance(text, ast.Expr)
    ]
    assert documented == [setting.name for setting in attrs.fields(PlatformSettings)]
