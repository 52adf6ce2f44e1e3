"""One person of the run: an app, habits and a machine, over one client."""

from __future__ import annotations

from collections.abc import Callable

from sim.client.faces import Publisher
from sim.client.membership import Membership
from sim.client.session import Session
from sim.scenario.people import Person
from sim.scenario.reactions import Reaction
from sim.world.actions import ACTIONS, Arguments
from sim.world.app import App, AppMaker
from sim.world.client_driver import ClientDriver
from sim.world.habits import Habits
from sim.world.listeners import Listeners
from sim.world.machine import Machine
from sim.world.surroundings import Surroundings


class Participant:
    """Puts together what makes up a person; ``arrival`` is from when the person enters.

    Nothing happens before :meth:`enter`.
    """

    def __init__(
        self,
        around: Surroundings,
        person: Person,
        driver: ClientDriver,
        arrival: int,
        app: AppMaker | None = None,
    ) -> None:
        self.person = person
        self.driver = driver
        self.habits = Habits(around, person, driver, arrival, self.connect, self.open)
        self.app = Listeners(
            around,
            person,
            driver,
            self._react,
            self.habits.connected,
            self.habits.disconnected,
            self.habits.plan_return,
            None if app is None else lambda: app(App(around.kernel, driver, self)),
        )
        self.machine = Machine(
            around.kernel, around.faults, driver, self.app.prepare, self.habits.plan_return
        )

    def __repr__(self) -> str:
        return f"<{self.name}, {self.session.state}>"

    @property
    def name(self) -> str:
        """The person's name."""
        return self.driver.name

    @property
    def session(self) -> Session:
        """The Session of the present page."""
        return self.driver.core.session

    @property
    def membership(self) -> Membership:
        """What is behind the Session of the present page."""
        return self.driver.core.membership

    @property
    def publisher(self) -> Publisher | None:
        """The Publisher of the present page that was made last."""
        return self.app.publisher

    def connect(self, by: str) -> None:
        """Let the app connect; ``by`` says who asked for it."""
        self.app.connect(by)

    def publish(self, by: str) -> None:
        """Let the app publish."""
        self.app.publish(by)

    def new_publisher(self) -> Publisher:
        """Make a Publisher with the app's listeners on it."""
        return self.app.new_publisher()

    def later(self, action: Callable[[int | None], object]) -> None:
        """Do something to the machine once the app's present task is over, for the same cause."""
        self.machine.later(action)

    def open(self, connect: Callable[[], object], cause: int | None = None) -> None:
        """Let the app connect, in a fresh page if there is none."""
        fresh = self.machine.load(cause)
        self.driver.act(connect, cause)
        if fresh:
            self.driver.media_changed(self.membership.unconnected)

    def close_browser(self, by: str, cause: int | None = None) -> None:
        """Close the tab."""
        self.machine.close_browser(by, cause)

    def reload(self, by: str, cause: int | None = None) -> None:
        """Close the page and open a fresh one, which connects if pages of this person do."""
        closed = self.machine.unload(by, cause)
        if self.person.connect:
            self.open(lambda: self.connect(by), closed)
        elif self.machine.load(closed):
            self.driver.media_changed(closed)

    def crash(self, cause: int | None = None) -> None:
        """Let the machine stop."""
        self.machine.crash(cause)

    def perform(self, action: str, arguments: Arguments) -> None:
        """One step of the script."""
        if action == "connect":
            self.open(lambda: self.connect("script"))
        else:
            self.driver.act(lambda: ACTIONS[action](self, self.session, arguments, "script"))

    def _react(self, session: Session, reaction: Reaction) -> None:
        assert reaction.do is not None
        ACTIONS[reaction.do](self, session, reaction, "listener")
