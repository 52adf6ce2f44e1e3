"""The platform's choices, which a client cannot see."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.quirks import PROFILES, Profile, profile
from sim.protocol.units import HOUR, MINUTE, SECOND
from sim.scenario import Platform

_FLAG: Final = st.booleans()


def platforms() -> SearchStrategy[Platform]:
    """Platforms that keep their promises; the simplest is the one by default.

    Each setting that a scenario can say is as by default, or another value that a platform might
    have: :class:`sim.scenario.Platform` says what they mean.
    """
    acks = st.sampled_from(("ack-first", "ack-last"))
    limits = st.sampled_from((None, None, 1, 2))
    return st.builds(
        Platform,
        leave_order=st.sampled_from(("stream-first", "connection-first")),
        announce_after=st.sampled_from((0, SECOND)),
        unpublish_echo=_FLAG,
        force_ack=acks,
        tell_victim_of_own_stream=_FLAG,
        close_victims_socket=_FLAG,
        signal_ack=acks,
        signal_echo=_FLAG,
        subscriber_may_signal=_FLAG,
        peer_to_peer=_FLAG,
        speaks_first_on_reconnect=_FLAG,
        detection=st.sampled_from((10 * SECOND, 3 * SECOND, 25 * SECOND)),
        grace=st.sampled_from((45 * SECOND, 0, 5 * SECOND, 20 * SECOND, MINUTE)),
        when_gone=st.sampled_from(("tell", "close")),
        connection_limit=limits,
        stream_limit=limits,
        subscription_limit=limits,
        media_idle=st.sampled_from((4 * HOUR, None, 20 * SECOND)),
        mute_on_entry=_FLAG,
        mute_all_reaches_streams=_FLAG,
    )


def profiles() -> SearchStrategy[Profile]:
    """The documented client, or the shipped one."""
    return st.sampled_from([profile(name) for name in PROFILES])
