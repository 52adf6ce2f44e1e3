"""The list beside the call: who is here."""


class Participants:
    """Knows the connections of a session, one's own included, as long as one is in it."""

    def __init__(self, app):
        self.here = {}
        app.session.on("connectionCreated", self.came)
        app.session.on("connectionDestroyed", self.went)
        app.session.on("sessionDisconnected", lambda event: self.here.clear())

    def came(self, event):
        self.here[event.connection.id] = event.connection.client

    def went(self, event):
        self.here.pop(event.connection.id, None)

    @property
    def names(self):
        """Who is here, in the order of the alphabet; who is here twice is listed twice."""
        return sorted(self.here.values())
