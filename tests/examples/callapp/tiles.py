"""The grid of pictures: one tile for each stream."""

FADE = 2_000
"""How long a tile fades, in milliseconds."""


class Tiles:
    """Follows every stream. What has ended goes at once: the SDK does that by default."""

    def __init__(self, app):
        self.app = app
        app.session.on("streamCreated", lambda event: app.session.subscribe(event.stream))


class FadingTiles(Tiles):
    """Keeps the last picture of what has ended, lets it fade, and then removes it itself."""

    def __init__(self, app):
        super().__init__(app)
        app.session.on("streamDestroyed", self.stream_ended)
        app.session.on("sessionDisconnected", self.session_ended)

    def stream_ended(self, event):
        event.prevent_default()
        self.fade(self.app.session.get_subscribers_for_stream(event.stream))

    def session_ended(self, event):
        event.prevent_default()
        self.fade(self.app.session.subscribers)

    def fade(self, tiles):
        """Remove these tiles when they have faded, and no others: the call may go on meanwhile."""
        self.app.timeout(FADE, lambda: self.remove(tiles))

    def remove(self, tiles):
        for tile in tiles:
            self.app.session.unsubscribe(tile)
