"""What the canvas of a report shows, pixel by pixel."""

from collections import Counter
from io import BytesIO

from PIL import Image

WHOLE = """() => {
  const { picture, store } = report;
  document.getElementById("frame").style.height = `${picture.wholeHeight}px`;
  store.set({ unfolded: true });
}"""
TEXTS_DRAWN = """() => {
  const { prototype } = CanvasRenderingContext2D;
  const kept = prototype.fillText;
  const texts = [];
  prototype.fillText = function (text, x, y) {
    texts.push([text, y]);
    return kept.call(this, text, x, y);
  };
  report.picture.redraw();
  report.picture.draw();
  prototype.fillText = kept;
  return texts;
}"""
"""All texts of a frame in which everything is drawn, and how far down."""
DRAW = "() => { report.picture.redraw(); report.picture.draw(); }"


class Drawn:
    """A picture of the canvas, in CSS pixels."""

    def __init__(self, page):
        page.drawn()
        page.ask(DRAW)
        shot = page.run(page.tab.locator("#picture").screenshot())
        self.image = Image.open(BytesIO(shot)).convert("RGB")

    def colours(self, left, top, right, bottom):
        """How many pixels of a box have which colour; what is outside the picture has none."""
        width, height = self.image.size
        box = (max(left, 0), max(top, 0), min(right, width), min(bottom, height))
        if box[0] >= box[2] or box[1] >= box[3]:
            return Counter()
        pixels = self.image.crop(tuple(round(edge) for edge in box))
        return Counter(
            {colour: count for count, colour in pixels.getcolors(pixels.width * pixels.height)}
        )

    def most(self, left, top, right, bottom):
        """The colour that a box has most of."""
        ((colour, _),) = self.colours(left, top, right, bottom).most_common(1)
        return colour


def hexadecimal(text):
    """``#1a1f26`` as red, green and blue."""
    return tuple(int(text[place : place + 2], 16) for place in (1, 3, 5))
