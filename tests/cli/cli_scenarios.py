"""Scenarios for the tests of the command line, as texts."""

KICK = """\
name: kick
about: A moderator removes somebody.
seed: 3
duration: 40s
clients:
  alice: {role: moderator, network: fibre, publish: camera}
  bob: {network: wifi, publish: camera}
script:
  - {at: 10s, client: alice, do: force-disconnect, target: bob}
expect:
  - bob sees sessionDisconnected(forceDisconnected)
"""

DROP = """\
name: drop
duration: 2min
clients:
  adam: {network: fibre, publish: camera}
  zoe: {network: fibre, publish: camera}
script:
  - {at: 20s, client: adam, network: down, for: 9s}
"""

UNSORTED = """\
name: unsorted
duration: 20s
clients:
  zoe: {network: wifi, publish: camera}
  adam: {network: wifi, publish: camera}
"""
"""The order of people is part of a story."""

WRONG = KICK.replace("forceDisconnected)", "networkDisconnected)").replace("kick", "wrong")
"""A scenario whose expectation does not hold."""

FATAL = """\
name: fatal
duration: 30s
profile: opentok.js-2.35.2
clients:
  alice: {publish: camera}
  bob: {publish: camera}
script:
  - {at: 20s, client: bob, platform: close-socket, code: 1011}
expect:
  - law reconnect-first breaks
"""
