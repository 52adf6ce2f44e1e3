"""The bare loop over links that lose packets: what waits to be sent again is copied, too."""

from bare_loop import BareLoop

from sim.draws.distributions import Uniform
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.specs import Bernoulli, DirectionSpec, LinkSpec, Transport
from sim.network.stream import StreamSender
from sim.protocol.units import MILLISECOND, SECOND

WAY = DirectionSpec(Bernoulli(0.2), Uniform(MILLISECOND, 30 * MILLISECOND))
SPEC = LinkSpec(WAY, WAY, None, Transport(200 * MILLISECOND, 60 * SECOND, retries=15))
DOWNWARDS = ("frame down", "close")


class LossyLoop(BareLoop):
    """Each person has a link, and all that goes one way over it goes in order, as over TCP.

    A cut is a fault on the link, under which packets are lost and sent again later.
    """

    def __init__(self, names, settings, profile="documented"):
        super().__init__(names, settings, profile)
        self.links = {name: Link(name, SPEC, Draws(7)) for name in names}
        self.senders = {
            (name, way): StreamSender(getattr(link, way), SPEC.transport)
            for name, link in self.links.items()
            for way in ("up", "down")
        }

    def snapshot(self):
        links = tuple(link.snapshot() for link in self.links.values())
        senders = tuple(sender.snapshot() for sender in self.senders.values())
        return super().snapshot(), links, senders

    def restore(self, snapshot):
        cores, links, senders = snapshot
        super().restore(cores)
        for link, saved in zip(self.links.values(), links, strict=True):
            link.restore(saved)
        for sender, saved in zip(self.senders.values(), senders, strict=True):
            sender.restore(saved)

    def cut(self, name, cut):
        if cut == self.links[name].down.blocked:
            return
        if cut:
            self.links[name].fail(1)
        else:
            self.links[name].repair(1)

    def next_time(self):
        deadlines = (sender.deadline for sender in self.senders.values())
        times = [super().next_time(), *deadlines]
        return min((at for at in times if at is not None), default=None)

    def step(self):
        for sender in self.senders.values():
            if sender.deadline is not None and sender.deadline <= self.now:
                arrival = sender.retransmit(self.now)
                for item in sender.take_queue():
                    self.arrive(arrival, item)
        super().step()

    def fly(self, hops, arrived, name, attempt, *what):
        way = "down" if arrived in DOWNWARDS else "up"
        item = arrived, name, attempt, *what
        arrival = self.senders[name, way].send(item, self.now)
        if arrival is not None:
            self.arrive(arrival, item)

    def arrive(self, at, item):
        self.flying.append((at, *item))
        self.flying.sort(key=lambda each: each[0])
