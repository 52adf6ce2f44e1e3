import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st
from traces import HEADER

from sim.protocol.quirks import PROFILES, QUIRKS, profile
from sim.trace import Token
from sim.trace.token import _checksum

HASHES = st.binary(min_size=8, max_size=8).map(bytes.hex)
TOKENS = st.builds(
    Token,
    HASHES,
    st.integers(),
    st.integers(0),
    st.text(max_size=20),
    st.text(min_size=1, max_size=300),
    st.lists(st.text(max_size=20), max_size=3).map(tuple),
)


@given(TOKENS)
def test_a_token_says_what_it_was_made_of(token):
    assert Token.parse(str(token)) == token


@given(TOKENS)
def test_a_token_can_be_written_anywhere(token):
    text = str(token)
    assert text.startswith("sim1-")
    assert text[5:].isalnum()
    assert text == text.lower()


@given(TOKENS)
def test_capitals_blanks_and_look_alikes_do_not_matter(token):
    text = str(token)
    body = text[5:].replace("o", "0").replace("l", "1")
    assert Token.parse(text.upper()) == token
    assert Token.parse(f"  sim1-{body[:9]}\n{body[9:]} ") == token


@given(TOKENS, st.data())
def test_a_mistyped_token_is_noticed(token, data):
    text = str(token)
    index = data.draw(st.integers(5, len(text) - 2))  # the last letter has bits to spare
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
    assume(letter != text[index])
    with pytest.raises(ValueError, match="mistyped or cut off"):
        Token.parse(text[:index] + letter + text[index + 1 :])


@given(TOKENS, st.data())
def test_a_token_that_is_cut_off_is_noticed(token, data):
    text = str(token)
    kept = data.draw(st.integers(5, len(text) - 1))
    with pytest.raises(ValueError, match="mistyped or cut off"):
        Token.parse(text[:kept])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' is no replay token: a token begins with sim1-"),
        ("scenarios/flaky.yaml", "'scenarios/flaky.yaml' is no replay token"),
        ("sim2-abcdefgh", "a token sim2-... is of another version; this one reads sim1-"),
        ("sim1-", "the replay token is mistyped or cut off: its checksum does not fit"),
        ("sim1-9!?", "the replay token is mistyped or cut off: its checksum does not fit"),
        ("sim1-é", "the replay token is mistyped or cut off: its checksum does not fit"),
    ],
)
def test_what_is_no_token_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(ValueError) as caught:
        Token.parse(text)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("body", [b"12345678\x01\x01\x7f", b"12345678\xff", b"12345678\x00"])
def test_parts_that_do_not_fit_are_refused_although_the_checksum_does(body):
    from base64 import b32encode

    text = "sim1-" + b32encode(body + _checksum(body)).decode().rstrip("=").lower()
    with pytest.raises(ValueError, match="the replay token's parts do not fit together"):
        Token.parse(text)


def test_a_token_names_the_run_of_a_header():
    header = evolve(
        HEADER,
        scenario_hash="0123456789abcdef" * 4,
        profile="opentok.js-2.35.2",
        quirks=tuple(QUIRKS),
    )
    token = Token.of(header, ("permute-ties",))
    assert Token.parse(str(token)) == Token(
        "0123456789abcdef", 7, 0, "0.1", "opentok.js-2.35.2", ("permute-ties",)
    )
    assert token.names(header.scenario_hash)
    assert not token.names("f" * 64)


def test_an_ordinary_token_is_short():
    assert len(str(Token("0123456789abcdef", 3, 0, "0.1.0"))) <= 45


@given(
    st.sampled_from(sorted(PROFILES)),
    st.dictionaries(st.sampled_from(sorted(QUIRKS)), st.booleans()),
)
def test_a_token_names_the_quirks_that_are_switched(name, switches):
    made = profile(name, switches)
    header = evolve(HEADER, profile=name, quirks=tuple(made.names))
    token = Token.parse(str(Token.of(header, ("permute-ties",))))
    assert token.options[0] == "permute-ties"
    assert profile(token.profile, token.switches) == made
    assert all((quirk in PROFILES[name]) != on for quirk, on in token.switches.items())


def test_a_token_that_switches_every_quirk_can_still_be_typed():
    made = profile("opentok.js-2.35.2", dict.fromkeys(QUIRKS, False))
    header = evolve(HEADER, profile=made.name, quirks=())
    token = Token.of(header)
    assert Token.parse(str(token)) == token
    assert len(token.options) == len(QUIRKS)
    assert len(str(token)) < 250


def test_a_quirk_of_another_version_is_named_by_its_digits(monkeypatch):
    text = str(Token("0123456789abcdef", 3, options=("+kept-publisher-stays-attached",)))
    monkeypatch.setattr("sim.trace.token._LONG", {})
    (name,) = Token.parse(text).switches
    assert name not in QUIRKS
    assert len(name) == 6
