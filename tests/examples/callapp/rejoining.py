"""Coming back after a lost connection."""

FIRST, FACTOR, LONGEST = 1_000, 2, 30_000
"""The first pause before an attempt, by what the next are longer, the longest; in milliseconds."""

LOST = frozenset({"networkDisconnected", "serverRotation"})
"""Who has left or was removed stays away."""


class Rejoining:
    """Connects, and connects again when the connection is lost, more and more patiently."""

    def __init__(self, app):
        self.app = app
        self.pause = FIRST
        self.timer = None
        self.attempts = []
        """When each attempt was made, in milliseconds, since it was connected last."""
        app.session.on("sessionConnected", self.connected)
        app.session.on("sessionDisconnected", self.disconnected)
        self.connect()

    @property
    def is_waiting(self):
        """Whether an attempt is still to come."""
        return self.timer is not None and self.timer.is_pending

    def connect(self):
        self.attempts.append(self.app.now)
        self.app.session.connect(self.answered)

    def answered(self, error):
        if error is not None:
            self.wait()

    def connected(self, event):
        self.pause = FIRST
        self.attempts.clear()

    def disconnected(self, event):
        if event.reason in LOST:
            self.wait()

    def wait(self):
        if not self.is_waiting:
            self.timer = self.app.timeout(self.pause, self.connect)
            self.pause = min(self.pause * FACTOR, LONGEST)
