"""A join whose answer is lost, and what becomes of it."""

import pytest
from stories import found, told

import sim


@pytest.mark.parametrize("profile", ["documented", "opentok.js-2.35.2"])
def test_who_has_joined_without_knowing_it_is_refused_when_it_joins_again(profile):
    """The platform's answer is lost with the network, and the client begins anew half a minute
    later, with the connection id that it had (recorded: the real client does so). The platform has
    that connection, or has given it up, and says 409 each time; with another id all is well.
    """
    people = {"alice": {}, "bob": {"since": "5s", "network": {"delay": "500ms"}}}
    lost = {"network": "down", "mode": "refused", "lasting": "32s"}
    again = ("70s", "bob", {"do": "connect"})
    result = sim.run(told("90s", people, ("11.6s", "bob", lost), again, profile=profile))
    refused = found(result, object="platform", kind="decision", client="bob")
    assert [(r.data["status"], r.data["by"]) for r in refused] == [(409, "bob#1")] * 2
    (failed, joined) = found(result, client="bob", kind="callback", name="connect")
    assert (failed.data["error"], failed.data["code"]) == ("OT_CONNECT_FAILED", 1006)
    assert joined.data["ok"]
    seen = [r.data["connection"] for r in found(result, client="alice", name="connectionCreated")]
    assert seen == ["alice#1", "bob#1", "bob#2"]
