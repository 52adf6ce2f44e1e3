"""Small scenarios, each with what it takes to show one kind of fault. Unbroken, all laws hold."""

from sim.scenario import Person, Scenario, Step

SURE = {"delay": "20ms"}
"""A network that loses nothing: what happens is in the script alone."""


def story(name, *steps, duration="60s", detection="10s", **people):
    """Three people who publish, alice the moderator; ``people`` replaces or adds some."""
    cast = {
        "alice": Person(role="moderator", network=SURE, publish="camera"),
        "bob": Person(network=SURE, publish="camera"),
        "carol": Person(network=SURE, publish="camera"),
    }
    platform = {"detection": detection}
    return Scenario(
        name=name, duration=duration, platform=platform, clients=cast | people, script=steps
    )


def step(at, client, **what):
    return Step(at=at, client=client, **what)


GOODBYE = story("goodbye", step("10s", "bob", do="disconnect"))

COMING_BACK = story(
    "coming back",
    step("10s", "bob", do="disconnect"),
    step("20s", "bob", do="connect"),
)

KICK = story(
    "kick",
    step("10s", "alice", do="force-disconnect", target="bob"),
    step("20s", "bob", do="connect"),
)

PRESUMPTION = story(
    "presumption",
    step("10s", "bob", do="force-disconnect", target="carol"),
)

LISTENING = story(
    "listening",
    step("10s", "dave", do="publish"),
    dave=Person(role="subscriber", network=SURE),
)

SHORT_OUTAGE = story(
    "short outage",
    step("10s", "bob", network="down", lasting="9s"),
    step("13s", "carol", do="disconnect"),
    step("14s", "dave", do="connect"),
    dave=Person(network=SURE, publish="camera", connect=False),
)

LONG_OUTAGE = story(
    "long outage",
    step("10s", "bob", network="down", lasting="90s"),
    duration="3min",
)

LOST_FOR_GOOD = story("lost for good", step("10s", "bob", network="down"), duration="3min")

POWER_CUT = story("power cut", step("10s", "carol", do="crash"), duration="2min")

STOP_SHARING = story("stop sharing", step("10s", "bob", do="unpublish"))

TOO_SOON = story(
    "too soon",
    step("10s", "dave", do="publish"),
    step("10.3s", "dave", do="unpublish"),
    dave=Person(network={"delay": "250ms"}),
)
"""Dave's request to create his stream is on its way when he calls it off."""

RELOADED = story(
    "reloaded",
    step("10s", "bob", do="crash"),
    step("12s", "bob", do="connect"),
)
"""Nobody is told that the first bob is gone before 0:50, but his picture stops at once."""

BACK_LATER = story(
    "back later",
    step("10s", "bob", do="crash"),
    step("20s", "bob", do="connect"),
)

CHAT = story(
    "chat",
    step("10s", "alice", do="signal", type="chat", data="one"),
    step("10s", "alice", do="signal", type="chat", data="two"),
    step("12s", "bob", do="signal", data="three", to="alice"),
    step("14s", "alice", do="signal", data="four"),
)

UNHEARD_ANSWERS = story(
    "unheard answers",
    step("10s", "bob", network="down", direction="up", lasting="9s"),
    step("12s", "alice", do="signal", type="chat", data="are you there?"),
)
"""What alice says reaches bob, but that it did does not reach the platform, which says it again."""

LATE_RETRY = story(
    "late retry",
    step("10s", "bob", network="down", lasting="9s"),
    step("12s", "bob", do="signal", data="ping", retry_after_reconnect=False),
    step("22.9s", "bob", network="down", direction="up", lasting="8s"),
    *(step(f"{at}s", "alice", do="signal", data="tick") for at in range(20, 44, 2)),
    detection="40s",
    bob=Person(network={"delay": "250ms"}, publish="camera"),
)
"""Bob's new socket opens at 23.1 s, and what he sends on it at once arrives 15 s later; he hears
alice all the time, and so believes that his network is well."""

NOW_OR_NEVER = story(
    "now or never",
    step("10s", "bob", network="down", lasting="9s"),
    step("12s", "bob", do="signal", data="ping", retry_after_reconnect=False),
)

KEEPSAKE = story(
    "keepsake",
    step("10s", "bob", do="disconnect"),
    bob=Person(
        network=SURE,
        publish="camera",
        on={"sessionDisconnected": {"prevent-default": True, "clean-up-after": "2s"}},
    ),
)

KEPT_PICTURE = story(
    "kept picture",
    step("10s", "carol", do="disconnect"),
    bob=Person(network=SURE, on={"streamDestroyed": {"prevent-default": True}}),
)

ALONE = Scenario(name="alone", duration="60s", clients={"alice": Person(network=SURE)})
"""Nobody speaks to her: she hears the platform's answers to her pings, and nothing else."""

OVER_AND_DONE = story(
    "over and done", step("10s", "bob", network="down", lasting="9s"), duration="2min"
)

KICK_AND_WAIT = story(
    "kick and wait",
    step("10s", "alice", do="force-disconnect", target="bob"),
    duration="90s",
)
