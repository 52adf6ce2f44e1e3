"""Two sequences side by side: which elements of one are which of the other.

Patience: what is once in both is an anchor, as far as the order allows; between two anchors the
same again. Where nothing is once, the first of a kind is the first of the other's, and so on. What
the order does not allow to be aligned can still be matched: it came sooner or later.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

Pair = tuple[int, int]
"""The place of an element in one sequence, and in the other."""
_NONE: Final = -1


def aligned(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Pair]:
    """Places of equal elements, in order on both sides.

    >>> aligned("abcbd", "abxbd")
    [(0, 0), (1, 1), (3, 3), (4, 4)]
    """
    pairs: list[Pair] = []
    open_ones = [(0, len(one), 0, len(other))]
    while open_ones:
        begin, end, start, stop = open_ones.pop()
        while begin < end and start < stop and one[begin] == other[start]:
            pairs.append((begin, start))
            begin, start = begin + 1, start + 1
        while begin < end and start < stop and one[end - 1] == other[stop - 1]:
            end, stop = end - 1, stop - 1
            pairs.append((end, stop))
        if begin == end or start == stop:
            continue
        anchors = ascending(_once_in_both(one, other, (begin, end), (start, stop)))
        if not anchors:
            pairs += ascending(_of_a_kind(one, other, (begin, end), (start, stop)))
            continue
        pairs += anchors
        for place, match in (*anchors, (end, stop)):
            open_ones.append((begin, place, start, match))
            begin, start = place + 1, match + 1
    return sorted(pairs)


def matched(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Pair]:
    """Places of equal elements: those that are aligned, then of what is left as much as there is.

    >>> matched("abc", "bac")
    [(0, 1), (1, 0), (2, 2)]
    """
    pairs = aligned(one, other)
    lefts, rights = {at for at, _ in pairs}, {place for _, place in pairs}
    rest = [at for at in range(len(one)) if at not in lefts]
    left_over = [place for place in range(len(other)) if place not in rights]
    things, others = [one[at] for at in rest], [other[place] for place in left_over]
    moved = _of_a_kind(things, others, (0, len(rest)), (0, len(left_over)))
    return sorted([*pairs, *((rest[at], left_over[place]) for at, place in moved)])


def _once_in_both(
    one: Sequence[Hashable], other: Sequence[Hashable], left: Pair, right: Pair
) -> Iterator[Pair]:
    ones, others = Counter(one[slice(*left)]), Counter(other[slice(*right)])
    places = {other[at]: at for at in range(*right) if others[other[at]] == 1}
    return (
        (at, places[one[at]]) for at in range(*left) if ones[one[at]] == 1 and one[at] in places
    )


def _of_a_kind(
    one: Sequence[Hashable], other: Sequence[Hashable], left: Pair, right: Pair
) -> Iterator[Pair]:
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at in reversed(range(*right)):
        places[other[at]].append(at)
    return ((at, places[one[at]].pop()) for at in range(*left) if places.get(one[at]))


def ascending(pairs: Iterable[Pair]) -> list[Pair]:
    """The most of these pairs, which ascend on the one side, that ascend on the other, too.

    >>> ascending([(0, 5), (1, 2), (2, 3)])
    [(1, 2), (2, 3)]
    """
    every = list(pairs)
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(every):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else _NONE)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [at]
    chosen: list[Pair] = []
    at = last[-1] if last else _NONE
    while at != _NONE:
        chosen.append(every[at])
        at = before[at]
    return chosen[::-1]
