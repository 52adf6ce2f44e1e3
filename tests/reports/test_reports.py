"""Public reports of people who use such SDKs, told as scenarios: each turns out as it should.

Each file begins with where it was reported and what should be seen. ``ALSO`` says what its comment
says beyond what it expects.
"""

from pathlib import Path

import pytest

import sim
from sim.scenario import dump, loads

HERE = Path(__file__).parents[1] / "data" / "reports"
SHARED = Path(__file__).parents[3] / "shared" / "reports"
"""A folder beside the repository that more reports are put into, where there is one."""

REPORTS = sorted(HERE.glob("*.yaml"))
MORE = [path for path in sorted(SHARED.glob("*.yaml")) if not (HERE / path.name).exists()]

ALSO = {
    "01-second-listener": [
        "bob sees sessionDisconnected, then sessionConnected",
        "bob has two pictures of alice for more than 30s",
        "bob never has two pictures of alice for more than 35s",
        "alice never has two pictures of the same person",
    ],
    "02-hang-up-twice": [
        "alice sees streamDestroyed(clientDisconnected) of bob exactly once",
        "at the end bob is disconnected",
    ],
    "04-publish-again": [
        "alice sees streamCreated of bob exactly twice",
        "alice sees streamCreated of carol exactly twice",
        "alice never has two pictures of the same person",
    ],
    "06-stop-sharing": ["alice sees streamDestroyed of bob within 1s of bob's unpublish"],
    "07-phone-in-background": [
        "alice sees connectionDestroyed of bob within 1min of bob's network down",
        "alice never sees connectionDestroyed of bob within 50s of bob's network down",
    ],
    "08-unsubscribe-says-nothing": [
        "bob sees subscriber(alice).destroyed exactly once within 1s of bob's unsubscribe",
        "carol sees subscriber(alice).destroyed within 1s of alice's disconnect",
    ],
    "10-reload-the-page": [
        "alice sees streamDestroyed of bob within 1s of bob's close-browser",
        "nobody sees a ghost for more than 1s",
        "alice never has two pictures of bob",
    ],
    "12-back-before-the-ghost-is-gone": [
        "alice has two pictures of bob for more than 10s",
        "alice sees a ghost of bob for more than 10s",
        "nobody sees a ghost for more than 1min",
    ],
    "14-tab-closed-on-a-phone": [
        "alice sees connectionDestroyed(networkDisconnected) of bob within 1min of bob's crash",
        "alice never sees connectionDestroyed of bob within 52s of bob's crash",
        "alice sees a ghost of bob for more than 52s",
    ],
    "15-peer-to-peer-hang-up": [
        "at the end alice is connected",
        "alice sees subscriber(bob).destroyed within 1s of bob's disconnect",
    ],
    "18-is-the-other-one-gone": [
        "alice sees subscriber(bob).disconnected within 10s of bob's network down",
        "alice never sees connectionDestroyed",
    ],
    "19-host-ends-it-for-all": [
        "guests see sessionDisconnected within 1s of host's force-disconnect of guests",
        "nobody sees sessionDisconnected(networkDisconnected)",
        "host sees sessionDisconnected exactly once",
    ],
    "20-unsubscribe-in-the-listener": [
        "carol sees subscriber(alice).destroyed within 1s of mod's force-disconnect of carol",
        "nobody sees a ghost for more than 1s",
    ],
    "23-newcomer-while-away": [
        "anna sees sessionReconnected, then connectionCreated of ben, then streamCreated of ben",
        "anna sees connectionCreated of ben exactly once",
    ],
    "24-kicked-and-back": ["bob sees sessionConnected exactly 3 times"],
    "25-idle-waiting-room": ["at the end late is connected"],
    "28-second-call-in-one-page": [
        "alice sees streamDestroyed(clientDisconnected) of bob within 1s of bob's disconnect",
        "bob sees publisher.streamDestroyed within 1s of bob's disconnect",
        "bob sees publisher.destroyed exactly once within 1s of bob's disconnect",
    ],
    "29-wifi-to-cellular": [
        "bob sees sessionReconnecting within 10s of bob's network change",
        "nobody sees connectionDestroyed",
        "at the end bob has 1 subscriber",
        "at the end everyone is connected",
    ],
    "30-off-and-on": [
        "nobody has two pictures of the same person",
        "everyone sees no ghost for more than 1s",
    ],
}


@pytest.mark.parametrize("path", [*REPORTS, *MORE], ids=lambda path: path.stem)
def test_a_report_turns_out_as_it_should(path):
    story = sim.load(path)
    assert story.expect
    result = sim.run(story, keep=False)
    assert [f"{each.text}: {each.why}" for each in result.expectations if not each.held] == []
    assert result.exit_code == 0, result.broken


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_what_its_comment_says_is_seen_too(path):
    lines = "\n".join(f'  - "{sentence}"' for sentence in ALSO.get(path.stem, ()))
    story = loads(f"{path.read_text(encoding='utf-8').rstrip()}\n{lines}\n")
    assert loads(dump(story)) == story
    result = sim.run(story, keep=False)
    assert [f"{each.text}: {each.why}" for each in result.expectations if not each.held] == []


def test_what_is_said_beyond_is_about_reports_that_are_here():
    assert set(ALSO) <= {path.stem for path in REPORTS}


@pytest.mark.skipif(not SHARED.is_dir(), reason="there is no folder of reports beside this one")
def test_the_reports_here_are_as_they_are_there():
    changed = [
        path.name
        for path in REPORTS
        if (SHARED / path.name).exists() and (SHARED / path.name).read_bytes() != path.read_bytes()
    ]
    assert changed == []
