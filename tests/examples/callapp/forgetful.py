"""A grid of pictures with a leak, for the tests to find."""

from callapp.tiles import FadingTiles


class ForgetfulTiles(FadingTiles):
    """Keeps the last pictures of a call that is over, for people to look at.

    Who comes back has them still, beside the new ones: nothing ever removes them.
    """

    def session_ended(self, event):
        event.prevent_default()
