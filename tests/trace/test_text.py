from sim.trace import Record, describe


def test_a_record_is_one_line_with_what_it_is_about():
    data = {
        "reason": "networkDisconnected",
        "own": "bob#1",
        "state": "disconnected",
        "page": {"publishers": 1, "subscribers": 2},
        "cancelable": True,
    }
    record = Record(35_460_000, 57, "bob", "session", "event", "sessionDisconnected", data, 41)
    assert describe(record) == (
        "#57 0:35.460 bob session event sessionDisconnected reason=networkDisconnected <- #41"
    )


def test_records_without_a_number_a_client_or_a_cause_have_none():
    record = Record(0, 0, "", "socket", "message", "send", {"frame": "x" * 100}, None)
    assert describe(record) == f"- 0:00.000 socket message send frame={'x' * 57}..."
