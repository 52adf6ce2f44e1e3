"""What all broken clients share: the Session, or its socket, is of another class."""

from sim.client import Client
from sim.client.session import Session


def client_with(session_class):
    """A client class, called as its Session is, whose pages have that Session."""

    class Broken(Client):
        def _load(self):
            super()._load()
            self.session = session_class(self)

    Broken.__name__ = session_class.__name__
    return Broken


class SocketedSession(Session):
    """A Session that spoils its socket as soon as there is one."""

    def open_socket(self, particulars):
        super().open_socket(particulars)
        self.spoil(self.socket)

    def spoil(self, socket):
        raise NotImplementedError
