"""The timers of the client, in microseconds.

Source: spec/opentok-js-2.35.2.md, section 3.1 (the line numbers are of that bundle).
"""

from __future__ import annotations

from attrs import frozen

from sim.protocol.units import MILLISECOND, SECOND


@frozen
class Timers:
    """Every duration that decides something, with the shipped client's value as default."""

    ping: int = 2 * SECOND
    """Idle time since the last frame sent, after which a PING goes out (L18553)."""
    silence: int = 5_900 * MILLISECOND
    """No inbound frame for this long is a lost network: 3 pings less 100 ms (L18555)."""
    silence_without_reconnection: int = 49_900 * MILLISECOND
    """The same when the session does not reconnect: 25 pings less 100 ms (L18555)."""
    connect_timeout: int = 15 * SECOND
    """How long one socket may take to open (L9058)."""
    window: int = 30 * SECOND
    """From the first disconnect of an outage; a failure later than this is final (L18557)."""
    connect_attempts: int = 3
    """Whole connects tried before ``connect`` fails (L66571)."""
    connect_spacing: int = 3 * SECOND
    """Least time from the start of one connect to the next (L66572)."""
    info_retries: tuple[int, ...] = (600 * MILLISECOND, 1_200 * MILLISECOND)
    """Pauses between the tries of the session-info request (L112063)."""
    drain_poll: int = 100 * MILLISECOND
    """Between two looks at an open socket's unsent bytes before it is closed (L12251)."""
    turn: int = 1 * MILLISECOND
    """A ``setTimeout(0)``: browsers give it one millisecond at least. Our own choice."""
    refused_throttle: int = 10 * MILLISECOND
    """Least pause of the browser, not of the client, before a page that was refused dials again;
    it doubles with every other refusal up to :attr:`refused_throttle_max`."""
    refused_throttle_max: int = 3 * SECOND
    """The longest of these pauses, on average: in recordings with frames 1 to 5 s."""
    redial_spacing: int = 100 * MILLISECOND
    """Least time from one attempt to the next of somebody who is let in and turned away. Our own
    choice, by recording 06e (docs/decisions/0016-redialling.md)."""
    publish_timeout: int = 15 * SECOND
    """No ``stream#created`` for one's own stream (L20137)."""
    subscribe_timeout: int = 30 * SECOND
    """A Subscriber without media (L21818)."""
    acquire_media: int = 170 * MILLISECOND
    """From ``publish`` until camera and microphone are bound: in recordings 0.14 to 0.6 s, half of
    them within 0.17 s."""
    prepare_publishing: int = 30 * MILLISECOND
    """From the bound camera, or from ``publish`` if it is bound, until the request for the stream
    goes out: in recordings 21 to 99 ms, half of them within 30 ms."""
    prepare_subscription: int = 0
    """From ``subscribe`` until its request goes out: in recording 05e more than 0.25 s."""
    dedup: int = 30 * SECOND
    """How long the shipped client remembers the number of a received message (L18569)."""
    ice_checking: int = 300 * MILLISECOND
    """From the answer to a subscription until media flows. Our own choice."""
    bind_media: int = 300 * MILLISECOND
    """From a Subscriber's ``connected`` until its ``subscribe`` ends: its element waits for the
    first pictures. In 139 recorded calls a tenth took 0.16 s, half 0.26 s, nine tenths 0.56 s."""
    bind_ahead: int = 100 * MILLISECOND
    """How long before a Subscriber's ``connected`` its media begin to be bound: in recordings with
    frames 0.04 to 0.16 s."""
    bind_fails: int = 1_900 * MILLISECOND
    """From ``connected`` until the binding of a Subscriber that has lost its media meanwhile is
    given up: 2 s for the element to load (L8024), of which :attr:`bind_ahead` is over by then."""
    ice_consent: int = 5 * SECOND
    """Media silence after which ICE is ``disconnected`` (recordings 12b to 12e: 3.4 to 6.9 s; after
    a Publisher's end, m2: 5.4 to 7.7 s)."""
    ice_failed: int = 10 * SECOND
    """ICE ``disconnected`` until the synthetic ``failed`` (L63177)."""
    subscriber_failed: int = 2 * SECOND
    """ICE ``failed`` until the Subscriber destroys itself (L23179)."""
    migration: int = 20 * SECOND
    """State ``migrating`` until ``connected`` after a server rotation (L59602)."""
