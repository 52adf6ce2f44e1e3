"""Taking lawful stories and spoiling them, one record at a time, and judging the result."""

from lawful_room import judge

from sim.laws import BROKEN, HELD, NOT_EXERCISED


def find(records, which=0, **wanted):
    """The index of a record by its fields and data, such as ``client="bob", name="signal"``."""

    def matches(record):
        return all(
            getattr(record, key) == value
            if key in record._fields
            else record.data.get(key) == value
            for key, value in wanted.items()
        )

    return [index for index, record in enumerate(records) if matches(record)][which]


def without(room, which=0, **wanted):
    records = list(room.records)
    del records[find(records, which, **wanted)]
    return renumbered(records)


def repeated(room, which=0, later=0, **wanted):
    """The story with one record a second time, ``later`` microseconds after the first."""
    records = list(room.records)
    copy = records[find(records, which, **wanted)]
    copy = copy._replace(time=copy.time + later, data=dict(copy.data))
    index = find(records, which, **wanted) + 1
    while later and index < len(records) and records[index].time <= copy.time:
        index += 1
    records.insert(index, copy)
    return renumbered(records)


def altered(room, changes, which=0, **wanted):
    """The story with other ``changes`` (fields or data) in one record."""
    records = list(room.records)
    index = find(records, which, **wanted)
    record = records[index]
    fields = {key: value for key, value in changes.items() if key in record._fields}
    data = {key: value for key, value in changes.items() if key not in record._fields}
    records[index] = record._replace(**fields, data={**record.data, **data})
    return renumbered(records)


def swapped(room, first, second):
    """The story with two records (given as for :func:`find`) in each other's place."""
    records = list(room.records)
    one, other = find(records, **first), find(records, **second)
    records[one], records[other] = (
        records[other]._replace(time=records[one].time),
        records[one]._replace(time=records[other].time),
    )
    return renumbered(records)


def renumbered(records):
    """Records numbered 1, 2, 3, … again, with what refers to them."""
    numbers = {}
    for number, record in enumerate(records, start=1):
        numbers.setdefault(record.seq, number)
    result = []
    for number, record in enumerate(records, start=1):
        data = dict(record.data)
        if "call" in data:
            data["call"] = numbers.get(data["call"], 0)
        cause = numbers.get(record.cause)
        cause = cause if cause is not None and cause < number else None
        result.append(record._replace(seq=number, data=data, cause=cause))
    return result


def verdict(room, law, records=None, ended=None):
    return judge(room.header, room.records if records is None else records, [law], ended)[law]


def assert_held(room, law, records=None):
    found = verdict(room, law, records)
    assert found.outcome == HELD, [breach.sentence for breach in found.breaches]


def assert_not_exercised(room, law, records=None):
    assert verdict(room, law, records).outcome == NOT_EXERCISED


def assert_broken(room, law, records, *sentences):
    """The law is broken, by exactly these sentences."""
    found = verdict(room, law, records)
    assert [breach.sentence for breach in found.breaches] == list(sentences)
    assert found.outcome == BROKEN
