"""How the page says that everything stood at a moment is what the trace says."""

import random
from itertools import takewhile

import pytest
from reported import EVERY

READ_MOMENTS = """times => times.map(time => {
  const moment = report.moment.moments.at(time);
  return {
    connections: [...moment.connections.keys()].sort(),
    lost: [...moment.connections].filter(([, {lost}]) => lost).map(([id]) => id).sort(),
    streams: [...moment.streams.keys()].sort(),
    known: Object.fromEntries([...moment.views].filter(([, view]) => view.known)
      .map(([name, view]) => [name, [...view.known].sort()])),
    elements: Object.fromEntries([...moment.views].filter(([, view]) => view.elements.size)
      .map(([name, view]) => [name, [...view.elements].sort()])),
    told: Object.fromEntries([...moment.views].filter(([, view]) => view.told >= 0)
      .map(([name, view]) => [name, view.told])),
  };
})"""


KEEP_OFTEN = """() => {
  const { moment, doc } = report;
  moment.moments = new moment.moments.constructor(doc, 7);
}"""


class Standing:
    """The same, from the records: each is taken in by what its object, kind and name call for."""

    def __init__(self):
        self.connections, self.streams, self.known, self.elements, self.told = {}, set(), {}, {}, {}

    def see(self, row, record):
        if record.kind == "event":
            self.told[record.client] = row
        if record.object == "browser":
            self.known.pop(record.client, None)
            self.elements.pop(record.client, None)
        change = getattr(self, f"{record.object}_{record.name}".lower(), None)
        if change and record.kind in {"event", "state"}:
            change(record.client, record.data)

    def session_sessionconnected(self, who, data):
        self.known[who] = {data["own"]}

    def session_sessiondisconnected(self, who, _):
        self.known.pop(who, None)

    def session_connectioncreated(self, who, data):
        self.known.get(who, set()).add(data["connection"])

    def session_connectiondestroyed(self, who, data):
        self.known.get(who, set()).discard(data["connection"])

    def page_inserted(self, who, data):
        self.elements.setdefault(who, set()).add(data["element"])

    def page_removed(self, who, data):
        self.elements.get(who, set()).discard(data["element"])

    def platform_joined(self, _, data):
        self.connections[data["connection"]] = False

    def platform_lost(self, _, data):
        self.connections[data["connection"]] = True

    platform_back = platform_joined

    def platform_left(self, _, data):
        del self.connections[data["connection"]]

    def platform_published(self, _, data):
        self.streams.add(data["stream"])

    def platform_unpublished(self, _, data):
        self.streams.discard(data["stream"])

    def read(self):
        return {
            "connections": sorted(self.connections),
            "lost": sorted(each for each, is_lost in self.connections.items() if is_lost),
            "streams": sorted(self.streams),
            "known": {who: sorted(each) for who, each in self.known.items()},
            "elements": {who: sorted(each) for who, each in self.elements.items() if each},
            "told": self.told,
        }


def standing(records, time):
    """How everybody stands when all that happens at that time has happened."""
    now = Standing()
    for row, record in takewhile(lambda pair: pair[1].time <= time, enumerate(records)):
        now.see(row, record)
    return now.read()


@pytest.mark.parametrize("name", EVERY)
def test_at_any_moment_everybody_stands_as_the_records_say(name, page_of, reports):
    report, page = reports(name), page_of(name)
    draws = random.Random(name)
    times = [record.time for record in draws.choices(report.records, k=20)]
    times += [0, report.timeline.ended, *(time - 1 for time in times)]
    for time, moment in zip(times, page.ask(READ_MOMENTS, times), strict=True):
        assert moment == standing(report.records, time)


def test_states_that_are_kept_on_the_way_change_nothing(page_of, reports):
    """With a state kept every few rows, in whatever order moments are asked for."""
    report, page = reports("flaky"), page_of("flaky")
    times = [record.time for record in random.Random(1).choices(report.records, k=20)]
    sparse = page.ask(READ_MOMENTS, times)
    page.ask(
        "() => { report.moment.moments = new report.moment.moments.constructor(report.doc, 7); }"
    )
    assert page.ask(READ_MOMENTS, times) == sparse
