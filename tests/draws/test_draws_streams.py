"""Addresses, keys, words: the same bits for the same address, whoever asks, in any order."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws.address import Address
from sim.draws.stream import FIRST_BLOCK, LARGEST_BLOCK, Draws, Stream, block_around

MASK = (1 << 64) - 1


def philox(counter: int, key: tuple[int, int]) -> list[int]:
    """Philox4x64-10 from the paper, as a check on numpy's."""
    a, b, c, d = counter & MASK, counter >> 64, 0, 0
    k, m = key
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (second >> 64) ^ b ^ k, second & MASK, (first >> 64) ^ d ^ m, first & MASK
        k, m = (k + 0x9E3779B97F4A7C15) & MASK, (m + 0xBB67AE8584CAA73B) & MASK
    return [a, b, c, d]


indices = st.integers(0, 20_000)
names = st.text(max_size=8)


def test_the_reference_knows_the_published_answer():
    assert philox(0, (0, 0)) == [
        0x16554D9ECA36314C,
        0xDB20FE9D672D0FDC,
        0xD7E772CEE186176B,
        0x7E68B68AEC7BA23B,
    ]


@given(st.integers(0, 2**64), st.integers(0, 10**6), names, names, indices)
def test_a_word_is_that_of_philox_at_its_address(seed, replication, actor, purpose, index):
    address = Address(seed, replication, actor, purpose)
    assert Stream(address).bits(index) == philox(index // 4 + 1, address.key)[index % 4]


@given(st.lists(indices, max_size=30))
def test_the_order_of_asking_does_not_matter(order):
    stream = Draws(7).stream("bob", "x")
    asked = [stream.bits(index) for index in order]
    assert asked == [Draws(7).stream("bob", "x").bits(index) for index in order]


def test_reading_on_in_order_crosses_blocks_without_a_seam():
    stream, key = Draws(7).stream("bob", "x"), Address(7, 0, "bob", "x").key
    count = FIRST_BLOCK + 2 * LARGEST_BLOCK
    read = [stream.bits(index) for index in range(count)]
    assert read == [word for block in range(count // 4) for word in philox(block + 1, key)]


@pytest.mark.parametrize(
    ("index", "end", "size", "block"),
    [
        (0, 0, FIRST_BLOCK // 4, (0, 64)),
        (64, 64, 64, (64, 256)),
        (320, 320, 256, (320, 1024)),
        (1344, 1344, 1024, (1344, 2048)),
        (3392, 3392, 2048, (3392, 2048)),
        (700, 64, 64, (640, 64)),
        (3, 4096, 1024, (0, 64)),
    ],
)
def test_blocks_grow_while_reading_on_and_are_short_after_a_jump(index, end, size, block):
    assert block_around(index, end, size) == block


@given(indices, st.integers(1, 300))
def test_words_and_uniforms_in_bulk_are_those_asked_for_singly(first, count):
    stream = Draws(3).stream("bob", "x")
    single = Draws(3).stream("bob", "x")
    wanted = range(first, first + count)
    assert stream.words(first, count).tolist() == [single.bits(index) for index in wanted]
    assert stream.uniforms(first, count).tolist() == [single.uniform(index) for index in wanted]


@given(st.sets(st.tuples(names, names), max_size=10), names, names)
def test_other_streams_change_nothing(others, actor, purpose):
    draws = Draws(1, 2)
    for other in sorted(others):
        draws.stream(*other).bits(5)
    assert draws.stream(actor, purpose).bits(3) == Draws(1, 2).stream(actor, purpose).bits(3)


@given(
    st.lists(
        st.builds(Address, st.integers(), st.integers(0, 9), names, names), unique=True, max_size=20
    )
)
def test_different_addresses_have_different_texts_and_keys(addresses):
    assert len({address.text for address in addresses}) == len(addresses)
    assert len({address.key for address in addresses}) == len(addresses)


@pytest.mark.parametrize("word", [0, 1, 1 << 12, MASK, MASK - (1 << 12), 1 << 63])
def test_uniform_numbers_are_inside_0_and_1_and_have_an_exact_complement(word):
    stream = Stream(Address(0, 0, "", ""))
    stream.bits(0)
    stream._words[0] = word
    u = stream.uniform(0)
    assert 0 < u < 1
    assert u * 2**53 == 2 * (word >> 12) + 1
    assert 1 - (1 - u) == u


@given(st.integers(1, 2**40), indices)
def test_a_choice_is_one_of_the_choices_and_grows_with_the_word(count, index):
    stream = Draws(1).stream("bob", "x")
    choice = stream.below(index, count)
    assert 0 <= choice < count
    assert choice == stream.bits(index) * count // 2**64


def test_choices_are_spread_evenly():
    stream = Draws(1).stream("bob", "x")
    counts = [0] * 6
    for index in range(6000):
        counts[stream.below(index, 6)] += 1
    assert all(abs(count - 1000) < 4.5 * (6000 * 5 / 36) ** 0.5 for count in counts)


def test_nothing_can_be_chosen_from_nothing():
    with pytest.raises(ValueError, match="cannot choose one of 0: there must be at least one"):
        Draws(1).stream("bob", "x").below(0, 0)


def test_a_stream_is_made_once_and_draws_nothing_until_asked():
    draws = Draws(1)
    stream = draws.stream("bob", "x")
    assert draws.stream("bob", "x") is stream
    assert stream._generator is None
    assert draws.addresses() == [("bob", "x")]


def test_an_address_reads_like_a_path():
    assert Draws(7).stream("bob", "outage/start").address(3) == "bob/outage/start/3"


@pytest.mark.parametrize(
    ("address", "text", "key", "words"),
    [
        (
            Address(7, 0, "bob", "up/delay"),
            '["sim-draws-1",7,0,"bob","up/delay"]',
            (0x0A2831FD8792DBB6, 0x0C5251A86841DB4B),
            {0: 0xA60D450BEE0E46D1, 3: 0xC42F25538C49FD18, 1000: 0x25F1AAAED7B22ED3},
        ),
        (
            Address(7, 3, "zoë/1", "outage/start"),
            '["sim-draws-1",7,3,"zo\\u00eb/1","outage/start"]',
            (0x7BE4F4E788AFF285, 0xC3BBE129BCECE220),
            {},
        ),
    ],
)
def test_golden_addresses(address, text, key, words):
    assert address.text == text
    assert address.key == key
    assert {index: Stream(address).bits(index) for index in words} == words


def test_draws_do_not_depend_on_the_hash_seed():
    program = (
        "from sim.draws.stream import Draws\n"
        "draws = Draws(7)\n"
        "print([draws.stream(a, p).bits(9) for a in ('bob', 'al') for p in ('x', 'up/loss')])\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "4711")
    }
    assert len(outputs) == 1
