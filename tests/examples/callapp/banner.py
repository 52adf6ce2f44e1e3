"""The line above the call that says how the connection is."""

OVER = "the call is over"
WHY = {
    "clientDisconnected": "you have left",
    "forceDisconnected": "you were removed",
    "networkDisconnected": "connection lost",
}


class Banner:
    """Shows one line after the other.

    It never says that the connection is lost before it has said that it is reconnecting: who sees
    a call struggle waits, and who sees it vanish reloads the page.
    """

    def __init__(self, app):
        self.lines = ["connecting"]
        app.session.on("sessionConnected", lambda event: self.show("online"))
        app.session.on("sessionReconnecting", lambda event: self.show("reconnecting"))
        app.session.on("sessionReconnected", lambda event: self.show("online"))
        app.session.on("sessionDisconnected", lambda event: self.show(WHY.get(event.reason, OVER)))

    def show(self, line):
        self.lines.append(line)
