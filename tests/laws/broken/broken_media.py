"""Clients whose streams are not those of their Publishers: they outlive them."""

from sim.client import Client
from sim.client.membership import Membership


class LeavesStreamsBehind(Membership):
    """A Publisher ends, and the platform is not asked to end its stream."""

    def request(self, method, resource, content, reply=None, retry=True):
        if (method, resource) == ("delete", "stream"):
            return None
        return super().request(method, resource, content, reply, retry)


class SendsForEver(Client):
    """Whoever has the person's page for a peer receives a picture, whatever it is of."""

    def sends(self, stream):
        return True
