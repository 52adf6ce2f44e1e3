"""What all broken clients share: the membership, or its socket, is of another class."""

from sim.client import Client
from sim.client.membership import Membership
from sim.client.sockets import Sockets


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


class Overheard(Sockets):
    """Sockets whose messages go by their membership first."""

    def message(self, socket, message):
        self._mine.message(message, lambda heard: Sockets.message(self, socket, heard))


class HearingMembership(Membership):
    """A membership that hears each message, and may ``handle`` it or not."""

    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        self.sockets = Overheard(self)

    def message(self, message, handle):
        raise NotImplementedError
