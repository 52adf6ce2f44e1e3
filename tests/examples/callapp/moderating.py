"""A moderator's tool that keeps the chat readable."""

MOST, WITHIN = 3, 10_000
"""So many messages may be written within so many milliseconds."""


class FloodGuard:
    """Removes who writes too much.

    A message says when it was written, in milliseconds: its ``data``. To go by when messages are
    *heard* would be wrong. Who was away hears at once what others have written meanwhile, and what
    somebody writes while away is sent at once later.
    """

    def __init__(self, app):
        self.app = app
        self.written = {}
        self.asked = []
        """The connections that it wanted to be removed, in order."""
        app.session.on("signal:chat", self.heard)

    def heard(self, event):
        sender = event.from_
        if sender is None or sender.id in self.asked:
            return
        now = self.when(event)
        times = [time for time in self.written.get(sender.id, []) if time > now - WITHIN]
        self.written[sender.id] = [*times, now]
        if len(times) >= MOST:
            self.asked.append(sender.id)
            self.app.session.force_disconnect(sender)

    def when(self, event):
        return float(event.data)


class HastyGuard(FloodGuard):
    """The first version: it goes by when messages are heard."""

    def when(self, event):
        return self.app.now
