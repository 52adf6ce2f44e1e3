"""What apps do to the data of signals changes nothing of what was sent, told and written down."""

from pathlib import Path

import sim


class Changing:
    """Changes what it has sent, and what it has been told."""

    told: list[object]

    def __init__(self, app: sim.App) -> None:
        data = {"n": [0]}
        session = app.session

        def send(_: object) -> None:
            session.signal(type="t", data=data)
            data["n"].append(1)

        def take(event) -> None:
            self.told.append(dict(event.data))
            event.data.clear()

        session.on("sessionConnected", send)
        session.on("signal:t", take)
        session.connect()


def test_data_that_are_nested_deep_are_told_like_others() -> None:
    deep: list[object] = []
    for _ in range(900):
        deep = [deep]

    def app(app: sim.App) -> None:
        app.session.on("sessionConnected", lambda _: app.session.signal(type="t", data=deep))
        app.session.connect()

    story = sim.Scenario(name="x", duration="5s", clients={"alice": {}, "bob": {}})
    result = sim.run(story, apps={"alice": app})
    assert result.held
    assert result.clients["bob"].sees("signal:t")


def test_the_data_of_a_signal_are_those_of_the_call(tmp_path: Path) -> None:
    class App(Changing):
        told = []

    story = sim.Scenario(name="x", duration="5s", clients={"alice": {}, "bob": {}})
    apps = {"alice": App, "bob": App}
    result = sim.run(story, apps=apps, trace=tmp_path / "x.jsonl")
    written = [record.data for record in sim.trace.Trace(tmp_path / "x.jsonl").story()]
    assert [record.data for record in result.records] == written
    sent = [data["data"] for data in written if "data" in data]
    assert len(sent) > 4
    assert all(data == {"n": [0]} for data in sent)
    assert len(App.told) > 2
    assert all(data == {"n": [0]} for data in App.told)
    assert sim.run(story, apps=apps).digest == result.digest
