"""Where two runs part: not at other times, and not at other numbers, but at other things."""

import pytest
from attrs import evolve

from sim.report.model.building import timeline
from sim.report.page.packing import document
from sim.report.page.parting import Parting, in_both, partings


@pytest.fixture(scope="module")
def kick():
    return timeline("scenarios/kick.yaml")


def rows_of(shown, person):
    return [row for row, each in enumerate(shown.records) if each.seq and each.client == person]


def test_a_run_does_not_part_from_itself(kick):
    assert partings(kick, kick) == ()


def test_later_is_not_other(kick):
    later = [record._replace(time=record.time + 5) for record in kick.records]
    assert partings(kick, evolve(kick, records=later)) == ()


def test_the_first_other_record_of_each_person_is_named(kick):
    row = rows_of(kick, "bob")[4]
    changed = list(kick.records)
    changed[row] = changed[row]._replace(name="another")
    assert partings(kick, evolve(kick, records=changed)) == (Parting("bob", row, row),)


def test_one_who_has_nothing_more_parts_where_the_other_goes_on(kick):
    last = rows_of(kick, "carol")[-1]
    fewer = [record for row, record in enumerate(kick.records) if row != last]
    assert partings(kick, evolve(kick, records=fewer)) == (Parting("carol", last, None),)
    assert partings(evolve(kick, records=fewer), kick) == (Parting("carol", None, last),)


def test_they_are_in_the_order_in_which_they_come(kick):
    other = timeline("scenarios/kick.yaml", profile="opentok.js-2.35.2", seed=9)
    found = partings(kick, other)
    times = [
        min(
            shown.records[row].time
            for shown, row in ((kick, each.row), (other, each.other))
            if row is not None
        )
        for each in found
    ]
    assert times
    assert times == sorted(times)


def test_both_pictures_fold_what_is_idle_in_both(kick):
    other = timeline("scenarios/kick.yaml", seed=9)
    packed = document(kick, other)
    common = [[each.began, each.ended] for each in in_both(kick.stretches, other.stretches)]
    assert packed["stretches"] == packed["against"]["stretches"] == common
    for began, ended in common:
        for stretches in (kick.stretches, other.stretches):
            assert any(each.began <= began < ended <= each.ended for each in stretches)
