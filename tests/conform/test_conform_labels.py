"""How a recording names calls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.conform.case import CaseStep
from sim.conform.labels import answer_to, name_of, person_of, request_of, session_of


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("connect", "connect"),
        ("connect()", "connect"),
        ("connect again", "connect"),
        ("reconnect", "connect"),
        ("disconnect 2 (same tick)", "disconnect"),
        ("session.disconnect()", "disconnect"),
        ("publish again", "publish"),
        ("republish", "publish"),
        ("publisher.destroy()", "destroy"),
        ("publisher1.destroy()", "destroy"),
        ("subscriber(bob)#1.destroy()", "destroy"),
        ("subscribe subscriber(alice)#1", "subscribe"),
        ("unsubscribe({})", "unsubscribe"),
        ("signal data 8193", "signal"),
        ("forceDisconnect(unknown id)", "forceDisconnect"),
        ('OT.initSession(key, "").connect', "connect"),
        ("OT.initPublisher()", "initPublisher"),
        ("close the page", "closeBrowser"),
        ("tab closed", "closeBrowser"),
        ("navigate away", "closeBrowser"),
        ("kill the browser", "crash"),
        ("page crash", "page"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_call_is_named_by_what_its_label_begins_with(label, name):
    assert name_of(label) == name


@given(st.text(max_size=30))
def test_any_text_may_be_a_label(label):
    assert isinstance(name_of(label), str)
    assert session_of(label) is None or "OT" in label.upper()


@pytest.mark.parametrize(
    ("label", "args", "status"),
    [
        ("publish server=403", None, 403),
        ("publish (server = 500)", {}, 500),
        ("publish", {"platform_answers": "404"}, 404),
        ("publish server=403", {"platform_answers": 404}, 404),
        ("publish", None, None),
    ],
)
def test_a_step_may_say_how_the_server_answers(label, args, status):
    assert answer_to(CaseStep(0, "alice", label, args)) == status


def test_requests_have_the_platforms_names():
    assert request_of("forceUnpublish") == "unpublish"
    assert request_of("disableForceMute") == "forceMuteAll"
    assert request_of("signal") == "signal"


@pytest.mark.parametrize(
    ("label", "has_key_and_id"),
    [
        ('OT.initSession(key, "").connect', (True, False)),
        ("OT.initSession(sessionIdOnly).connect", (False, True)),
        ("OT.initSession(key, id).connect", (True, True)),
        ("connect", None),
    ],
)
def test_a_label_may_make_a_session_of_its_own(label, has_key_and_id):
    assert session_of(label) == has_key_and_id


def test_a_label_may_name_whose_stream_it_is_about():
    assert person_of("subscribe subscriber(bob)#2") == "bob"
    assert person_of("subscribe(null)") is None
