"""What all broken clients share: the membership, or its socket, is of another class."""

from sim.client import Client
from sim.client.membership import Membership


def client_with(membership):
    """A client class, called as its memberships are, whose Sessions are over those."""
    return type(membership.__name__, (Client,), {"membership_class": membership})


class SocketedMembership(Membership):
    """A membership that spoils its socket as soon as there is one."""

    def open_socket(self, particulars):
        super().open_socket(particulars)
        self.spoil(self.socket)

    def spoil(self, socket):
        raise NotImplementedError
