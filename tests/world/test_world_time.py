"""Virtual time never goes back, and timers run when they are due."""

from pathlib import Path

import pytest
from stories import found, told

import sim
from sim.trace import Recorder, read
from sim.trace.inspection import UnlistedRecordError
from sim.world.kernel import PEOPLE, InternalError, Kernel

FINDINGS = Path(__file__).parent.parent / "data/findings"


def in_order(records):
    return [record.time for record in records] == sorted(record.time for record in records)


@pytest.mark.parametrize("name", ["time-goes-back", "ice-restart-late"])
def test_records_are_in_the_order_of_time_and_the_trace_can_be_read(tmp_path, name):
    path = tmp_path / "run.jsonl"
    result = sim.run(FINDINGS / f"{name}.yaml", trace=path)
    assert in_order(result.records)
    trace = read(path)
    assert (len(list(trace)), trace.footer.digest) == (result.count, result.digest)


def test_media_come_back_as_soon_as_ice_is_done():
    """ICE restarts a turn after the socket is back, by a PONG, and takes 300 ms."""
    result = sim.run(FINDINGS / "ice-restart-late.yaml")
    (back,) = found(result, client="bob", name="sessionReconnected")
    media = found(result, client="bob", kind="event", name="connected")
    assert [r.time for r in media if r.time > back.time] == [back.time + 301_000] * 2


@pytest.mark.parametrize("published", ["at once", "after 50 ms"])
def test_what_is_begun_when_the_session_is_back_takes_no_longer_than_at_other_times(published):
    """The session is back with a PONG, and what its listener puts off is due when it says."""

    def app(app):
        def publish():
            app.session.publish(app.init_publisher())

        wait = 0 if published == "at once" else 50
        app.session.once("sessionReconnected", lambda _: app.timeout(wait, publish))

    story = told(
        "30s", {"ann": {}, "bob": {}}, ("10s", "ann", {"network": "down", "lasting": "8s"})
    )
    result = sim.run(story, apps={"ann": app})
    (back,) = found(result, client="ann", name="sessionReconnected")
    (made,) = found(result, client="ann", object="publisher", name="streamCreated")
    waited = 0 if published == "at once" else 50_000
    assert made.time - back.time == waited + 204_000


def test_a_long_story_with_many_outages_is_in_order():
    flaky = sim.load("scenarios/flaky.yaml")
    story = sim.Scenario(
        name="long", duration="55min", networks=flaky.networks, clients=flaky.clients
    )
    result = sim.run(story)
    assert in_order(result.records)
    assert result.count > 500


@pytest.mark.parametrize("ask", ["at", "sleep"])
def test_who_asks_for_the_past_is_named(ask):
    kernel = Kernel()
    kernel.advance(1_000)

    class Clock:
        def strike(self, _):
            pass

        def life(self):
            yield kernel.sleep(-1, PEOPLE)

    asks = {
        "at": lambda: kernel.at(999, PEOPLE, Clock().strike),
        "sleep": lambda: kernel.begin(Clock().life()),
    }
    with pytest.raises(InternalError, match="time cannot go back") as refused:
        asks[ask]()
    assert "us when it is 1000 us" in str(refused.value)
    assert ("strike of Clock" in str(refused.value)) == (ask == "at")


def test_a_record_that_is_written_before_the_last_one_fails_the_test():
    now = [5]
    recorder = Recorder(lambda: now[0])
    recorder("bob", "network", "fault", "reset", {}, None)
    now[0] = 4
    with pytest.raises(UnlistedRecordError, match="after one of 5 us"):
        recorder("bob", "network", "fault", "reset", {}, None)


def test_a_process_may_sleep_no_time():
    kernel, woken = Kernel(), []

    def process():
        yield kernel.sleep(0, PEOPLE)
        woken.append(kernel.now)

    kernel.begin(process())
    kernel.advance(1)
    assert woken == [0]


def test_the_end_of_a_story_is_left_out():
    assert (
        found(sim.run(told("5s", {"bob": {}}, ("5s", "bob", {"do": "crash"}))), name="crash") == []
    )
