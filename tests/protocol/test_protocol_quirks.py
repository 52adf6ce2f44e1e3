"""Quirks and profiles: what can be switched, and what a wrong name is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.protocol.quirks import HARMS, PROFILES, QUIRKS, Profile, profile

SWITCHES = st.dictionaries(st.sampled_from(sorted(QUIRKS)), st.booleans())


@given(st.sampled_from(sorted(PROFILES)), SWITCHES)
def test_a_switched_quirk_is_as_switched_and_the_others_are_the_profiles(name, switches):
    made = profile(name, switches)
    for quirk in QUIRKS:
        assert made.has(quirk) is switches.get(quirk, quirk in PROFILES[name])


@given(st.sampled_from(sorted(PROFILES)), SWITCHES)
def test_the_names_of_the_quirks_that_are_on_come_in_alphabetical_order(name, switches):
    made = profile(name, switches)
    assert made.names == [quirk for quirk in sorted(QUIRKS) if made.has(quirk)]


def test_the_documented_profile_has_no_quirks_and_the_shipped_one_has_all():
    assert profile("documented").names == []
    assert profile("opentok.js-2.35.2").names == sorted(QUIRKS)


def test_the_default_is_the_documented_profile():
    assert Profile() == profile("documented")


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_quirk_says_what_is_seen_what_was_promised_what_to_do_and_where_it_is_from(quirk):
    row = QUIRKS[quirk]
    assert row.name == quirk
    assert row.sees
    assert row.contract
    assert row.advice.endswith(".")
    assert "section" in row.source or "recording" in row.source


def test_every_quirk_does_one_harm():
    ranked = [quirk.name for harm in HARMS for quirk in harm.quirks]
    assert ranked == list(QUIRKS)
    assert len(ranked) == len(set(ranked))
    assert all(harm.quirks and harm.title and harm.means for harm in HARMS)


def test_an_unknown_profile_is_refused_with_the_profiles_that_exist():
    with pytest.raises(ValueError, match=r"no profile 'chrome'; .* documented, opentok\.js-2\.35"):
        profile("chrome")


def test_an_unknown_quirk_is_refused_with_the_quirks_that_exist():
    with pytest.raises(ValueError, match=rf"no quirk 'loud'; the quirks are {next(iter(QUIRKS))}"):
        profile("documented", {"loud": True})
