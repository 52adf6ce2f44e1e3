"""docs/draws.md says what the code does."""

from pathlib import Path

from sim.draws.address import Address
from sim.draws.distributions import Constant, Exponential, Lognormal, value
from sim.draws.stream import Draws
from sim.network.datagrams import DatagramPath
from sim.network.link import Link
from sim.network.outages import OutageProcess
from sim.network.specs import Bernoulli, DirectionSpec, GilbertElliott, LinkSpec, Outages

PAGE = (Path(__file__).parents[2] / "docs" / "draws.md").read_text(encoding="utf-8")


def test_every_purpose_of_the_network_is_in_the_table():
    draws = Draws(1)
    bursts = DirectionSpec(GilbertElliott(0.3, 0.3, h=0.5, k=0.5), duplication=0.5)
    link = Link("bob", LinkSpec(bursts, DirectionSpec(Bernoulli(0.5))), draws)
    paths = [DatagramPath(link.up, draws), DatagramPath(link.down, draws)]
    for now in range(100):
        for path in paths:
            path.transmit(now)
    OutageProcess(Outages(Exponential(9), Constant(9)), draws, "bob").outage(0)
    purposes = {
        purpose.replace("up/", "<way>/").replace("down/", "<way>/")
        for _, purpose in draws.addresses()
    }
    assert len(purposes) == 8
    assert [purpose for purpose in sorted(purposes) if f"`{purpose}`" not in PAGE] == []


def test_the_worked_example_is_right():
    address = Address(7, 0, "bob", "up/delay")
    stream = Draws(7).stream("bob", "up/delay")
    low, high = address.key
    delay = value(Lognormal(40_000, 0.4), stream.uniform(0))
    assert f"| text | `{address.text}` |" in PAGE
    assert f"| key | `{low:#018x}`, `{high:#018x}` |" in PAGE
    assert f"| word 0 | `{stream.bits(0):#018x}` |" in PAGE
    assert f"| uniform | `{stream.uniform(0)!r}` |" in PAGE
    assert f"| {delay} µs |" in PAGE
