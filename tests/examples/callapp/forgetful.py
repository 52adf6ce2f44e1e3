"""A grid of pictures with a leak, for the tests to find."""

from callapp.tiles import FADE, FadingTiles


class ForgetfulTiles(FadingTiles):
    """Keeps the last pictures of a lost call until there are new ones.

    There is a timer for that, and who is back before it is due cancels it. So the old pictures
    stay beside the new ones.
    """

    def __init__(self, app):
        self.timer = None
        super().__init__(app)
        app.session.on("sessionConnected", self.back)

    def fade(self, tiles):
        self.timer = self.app.timeout(FADE, lambda: self.remove(tiles))

    def back(self, event):
        if self.timer is not None:
            self.timer.cancel()
