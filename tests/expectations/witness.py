"""A hand-made story for checkers: records with times, without a simulation."""

from sim.expectations import Checker, parse
from sim.protocol.units import parse_duration
from sim.trace import Person, Record


class Witness:
    """Feeds a checker and judges it at the end."""

    def __init__(self, *sentences, people=("alice", "bob"), suppressed=()):
        persons = {name: Person(suppressed=name in suppressed) for name in people}
        self.checker = Checker([parse(sentence) for sentence in sentences], persons)
        self.records = []

    def record(self, at, client, object, kind, name, **data):
        record = Record(
            parse_duration(at), len(self.records) + 1, client, object, kind, name, data, None
        )
        self.records.append(record)
        self.checker(record)

    def sees(self, at, client, name, object="session", **data):
        self.record(at, client, object, "event", name, **data)

    def platform(self, at, client, name, connection, **data):
        self.record(at, client, "platform", "state", name, connection=connection, **data)

    def outcomes(self, ended="10min", **laws):
        """What became of the sentences; of each law, where it broke, or None."""
        where = {name.replace("_", "-"): broke for name, broke in laws.items()}
        return self.checker.finish(parse_duration(ended), where)

    def outcome(self, ended="10min", **laws):
        (only,) = self.outcomes(ended, **laws)
        return only
