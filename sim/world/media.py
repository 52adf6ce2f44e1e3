"""Whether media get through from a stream's Publisher, and who is told when that changes."""

from __future__ import annotations

from typing import Protocol

from sim.client.paths import OPEN, Path
from sim.client.peers import Stream
from sim.network.link import Link


class Owner(Protocol):
    """Whose end of the media paths it is: a client on its link."""

    link: Link

    @property
    def name(self) -> str: ...

    @property
    def is_alive(self) -> bool: ...

    @property
    def has_published(self) -> bool: ...

    def sends(self, stream: str) -> bool: ...

    def paths_changed(self, person: str | None, cause: int | None) -> None: ...

    def media_stopped(self, stream: str, cause: int | None) -> None: ...


class MediaEnd:
    """One client's end of all media paths to and from it.

    After a network change media do not get through before a new socket is open: ICE needs one to
    restart.
    """

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.link: Link | None = None
        """A link of its own for media; that of the messaging socket by default."""
        self.cut = False
        """Whether media are cut off while signalling goes on."""
        self.blame: int | None = None
        """The record of what has cut the path, while media do not get through."""
        self._carried = True
        self._reached = owner.link, owner.link.address

    @property
    def carries(self) -> bool:
        """Whether media get through between this client and the platform."""
        owner = self.owner
        if self.cut or not owner.is_alive or self._reached != (owner.link, owner.link.address):
            return False
        return not (self.link or owner.link).fails

    def reach(self) -> bool:
        """A socket is open; return whether it is the first one over this network."""
        network = self.owner.link, self.owner.link.address
        first, self._reached = self._reached != network, network
        return first

    def turn(self, cause: int | None) -> bool:
        """Return whether media get through now and did not when last asked, or the reverse.

        ``cause`` is the record of what has happened meanwhile.
        """
        before, self._carried = self._carried, self.carries
        if before == self._carried:
            return False
        self.blame = None if self._carried else cause
        return True


class Media:
    """The media paths of a session: from a Publisher to a Subscriber, over both people's links.

    A stream belongs to its Publisher: a fresh page of the same person, or a new connection in the
    same page, does not send those of before.
    """

    def __init__(self) -> None:
        self._ends: dict[str, MediaEnd] = {}

    def end(self, owner: Owner) -> MediaEnd:
        """Make the end of one more client; those made first are told first."""
        end = self._ends[owner.name] = MediaEnd(owner)
        return end

    def forget(self, name: str) -> None:
        """There is no such client after all."""
        self._ends.pop(name, None)

    def path(self, own: str, stream: Stream) -> Path:
        """The path to one person's client from the Publisher of a stream."""
        near, far = self._ends.get(own), self._ends.get(stream.connection.client)
        carries = near is not None and near.carries
        reaches = far is not None and far.carries and far.owner.sends(stream.id)
        cut = None
        if near is not None and not carries:
            cut = near.blame
        elif far is not None and not reaches:
            cut = far.blame
        return OPEN if carries and reaches else Path(carries, reaches, cut)

    def changed(self, end: MediaEnd, cause: int | None) -> None:
        """Tell everybody whose media path has changed with that of one client."""
        if not end.turn(cause):
            return
        end.owner.paths_changed(None, cause)
        if not end.owner.has_published:  # nobody receives these media
            return
        for other in self._ends.values():
            if other is not end:
                other.owner.paths_changed(end.owner.name, cause)

    def stopped(self, stream: str, cause: int | None) -> None:
        """The Publisher of a stream has closed its peer connections: tell whoever receives it."""
        for end in self._ends.values():
            end.owner.media_stopped(stream, cause)
