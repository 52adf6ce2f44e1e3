"""The picture: where things are drawn, how they look, and what a hand on it does."""

from itertools import pairwise

import pytest
from reported import BROKEN, STORIES, WIRE

from sim.report.formats.looks import HUES

FLAKY, KICKED, CRASHED, _ = STORIES
DRAWN = (*STORIES, WIRE, BROKEN)

PIXELS = """
  const pixelsOf = picture => {
    picture.draw();
    const copy = document.createElement("canvas");
    Object.assign(copy, { width: picture.canvas.width, height: picture.canvas.height });
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture.canvas, 0, 0);
    const across = copy.width / picture.canvas.clientWidth;
    return (x, y) =>
      Array.from(context.getImageData(Math.floor(x * across), Math.floor(y * across), 1, 1).data);
  };
  const rgb = colour => [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16)).concat(255);
  const isNear = (one, other) => one.every((value, at) => Math.abs(value - other[at]) < 3);
"""

LAYOUT = """() => {
  const { layout, levels } = report.picture.current();
  const rows = layout.boxes.map(box => [box.faults, box.marks, ...box.tracks]
    .map(({ y, height }) => [y, y + height]));
  return { lanes: layout.boxes.map(({ lane, y, height }) => [lane, y, y + height]), rows };
}"""

ROUND_TRIPS = """() => {
  const { scale } = report.picture.current();
  const xs = Array.from({ length: 400 }, (_, step) =>
    scale.left + (scale.right - scale.left) * step / 399);
  const times = xs.map(x => scale.time(x));
  const errors = xs.map((x, place) => Math.abs(scale.x(times[place]) - x));
  return { error: Math.max(...errors), times, from: scale.from, to: scale.to };
}"""

CONTRASTS = """() => {
  const { looks } = report.picture.current();
  const { colours } = looks;
  const light = colour => [1, 3, 5]
    .map(at => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const grounds = [colours.surface, colours.stripe];
  const least = (colour, others) => Math.min(...others.map(other => contrast(colour, other)));
  const states = Object.entries(report.doc.states)
    .flatMap(([kind, names]) => names.map(name => looks.of(kind, name)));
  return {
    lines: Math.min(...states.map(({ line }) => least(line, grounds))),
    states: Math.min(...states.map(({ plain }) => contrast(colours.ink, plain))),
    texts: Math.min(...[colours.ink, colours.muted, colours.accent, colours.second, colours.chain,
      colours.hues.broken.line].map(colour => least(colour, grounds))),
  };
}"""


def box_of(page):
    """The picture's place in the window."""
    return page.ask(
        "() => { const { x, y, width, height } = report.picture.canvas.getBoundingClientRect();"
        " return { x, y, width, height } }"
    )


def state(page, name):
    """What the store has under a name."""
    return page.ask("name => report.store.state[name]", name)


@pytest.mark.parametrize("name", DRAWN)
def test_lanes_are_one_under_the_other_and_so_are_the_rows_in_them(name, page_of):
    layout = page_of(name).ask(LAYOUT)
    assert all(end == begin for (_, _, end), (_, begin, _) in pairwise(layout["lanes"]))
    for (_, top, bottom), rows in zip(layout["lanes"], layout["rows"], strict=True):
        assert all(end <= begin for (_, end), (begin, _) in pairwise(rows))
        assert top <= rows[0][0]
        assert rows[-1][1] <= bottom


def test_who_is_hidden_has_no_place(page_of):
    page = page_of(KICKED)
    page.ask("() => report.store.set({ people: new Set([1]) })")
    assert [lane for lane, _, _ in page.ask(LAYOUT)["lanes"]] == [0, 2, 3, 4]
    assert page.ask("() => report.picture.place(0, 1)") is None


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("closer", [1, 3, 50, 4000])
def test_a_pixel_is_a_moment_and_a_moment_a_pixel(name, closer, page_of):
    page = page_of(name)
    page.ask("closer => report.picture.zoom(closer, 700)", closer)
    trips = page.ask(ROUND_TRIPS)
    assert trips["error"] < 1e-3
    assert all(one < other for one, other in pairwise(trips["times"]))
    assert state(page, "from") == pytest.approx(trips["from"], abs=1)
    assert state(page, "to") == pytest.approx(trips["to"], abs=1)


@pytest.mark.parametrize("x", [250, 600, 800])
def test_what_is_under_the_pointer_stays_there_when_one_comes_closer(x, page_of):
    page = page_of(FLAKY)
    before, after = page.ask(
        "x => { const { picture } = report; const before = picture.current().scale.time(x);"
        " picture.zoom(7, x); return [before, picture.current().scale.time(x)] }",
        x,
    )
    assert after == pytest.approx(before, abs=100)


def test_idle_stretches_are_narrow_unless_they_are_unfolded(page_of):
    page = page_of(CRASHED)
    widths = (
        "() => { const { scale } = report.picture.current();"
        " return report.doc.stretches.map(([began, ended]) => scale.x(ended) - scale.x(began)) }"
    )
    folded = page.ask(widths)
    page.ask("() => report.store.set({ unfolded: true })")
    unfolded = page.ask(widths)
    assert folded
    assert all(width <= 52.001 for width in folded)
    assert all(narrow < wide for narrow, wide in zip(folded, unfolded, strict=True))


def test_a_range_inside_one_idle_stretch_shows_what_is_around_it(page_of):
    page = page_of(CRASHED)
    page.ask(
        "() => { const [began, ended] = report.doc.stretches[0];"
        " report.store.set({ from: began + 1e6, to: ended - 1e6 }) }"
    )
    assert page.ask(
        "() => { const { scale } = report.picture.current(); const [began, ended] ="
        " report.doc.stretches[0]; return scale.from < began && scale.to > ended }"
    )


@pytest.mark.parametrize("name", DRAWN)
def test_a_band_has_the_colour_of_its_state(name, page_of):
    """Of its edge, somewhere along it: arrows go over bands, and folds pale them."""
    checked, wrong = page_of(name).ask(
        "() => {"
        + PIXELS
        + """
      const { picture, doc } = report;
      const pixel = pixelsOf(picture);
      const { looks, height, scale } = picture.current();
      const folds = scale.seen();
      const isFolded = x => folds.some(({ left, right }) => x > left - 2 && x < right + 2);
      const wrong = [];
      let checked = 0;
      doc.lanes.forEach((lane, at) => lane.tracks.forEach((track, place) => {
        track.began.forEach((began, band) => {
          const spot = picture.place(began, at, place);
          const isMoment = track.began[band + 1] === began;
          if (isMoment || spot.width < 6 || spot.y + spot.height > height) return;
          const xs = [.2, .35, .5, .65, .8].map(share => spot.x + share * spot.width)
            .filter(x => !isFolded(x));
          if (!xs.length) return;
          checked++;
          const line = rgb(looks.of(track.kind, doc.words[track.state[band]]).line);
          const edges = xs.map(x => pixel(x, spot.y + 0.5));
          if (!edges.some(edge => isNear(edge, line))) wrong.push([at, place, band, edges, line]);
        });
      }));
      return [checked, wrong];
    }"""
    )
    assert checked > 5
    assert wrong == []


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("closer", [1, 40])
def test_every_record_in_sight_has_a_mark(name, closer, page_of):
    """Without the arrows, which may be where a mark is."""
    marked, missing = page_of(name).ask(
        "closer => {"
        + PIXELS
        + """
      const { picture, doc } = report;
      picture.zoom(closer, picture.current().scale.left);
      const { arrows } = picture;
      picture.arrows = { sent: new Float64Array(), latest: new Float64Array() };
      picture.redraw();
      const pixel = pixelsOf(picture);
      picture.arrows = arrows;
      const { scale, layout, looks, height, width } = picture.current();
      const grounds = [rgb(looks.colours.surface), rgb(looks.colours.stripe)];
      const isBare = (x, y) => grounds.some(ground => isNear(pixel(x, y), ground));
      const missing = [];
      let marked = 0;
      for (let row = 0; row < doc.rows.count; row++) {
        const x = scale.x(doc.rows.time[row]);
        const spot = picture.place(doc.rows.time[row], doc.rows.lane[row]);
        const y = spot.y + spot.height - 6.5;
        if (y > height - 8 || x < scale.left || x > scale.right) continue;
        marked++;
        if ([-4, -3, -2, -1, 0, 1].every(aside => isBare(x + aside, y))) missing.push(row);
      }
      return [marked, missing];
    }""",
        closer,
    )
    assert marked
    assert missing == []


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_under_a_mark_is_its_record_or_a_weightier_one_beside_it(name, page_of):
    checked, wrong = page_of(name).ask(
        """() => {
      const { picture, doc } = report;
      const { scale, marks, height } = picture.current();
      const wrong = [];
      let checked = 0;
      for (let row = 0; row < doc.rows.count; row++) {
        const spot = picture.place(doc.rows.time[row], doc.rows.lane[row]);
        const y = spot.y + spot.height - 6.5;
        if (y > height) continue;
        checked++;
        const hit = picture.at(spot.x, y);
        const aside = hit?.kind === "mark" ? scale.x(doc.rows.time[hit.row]) - spot.x : Infinity;
        if (Math.abs(aside) < 9 && marks.weights[hit.row] >= marks.weights[row]) continue;
        wrong.push([row, hit]);
      }
      return [checked, wrong];
    }"""
    )
    assert checked
    assert wrong == []


def test_a_band_is_found_under_its_middle(page_of):
    checked, wrong = page_of(KICKED).ask(
        """() => {
      const { picture, doc } = report;
      const wrong = [];
      let checked = 0;
      doc.lanes.forEach((lane, at) => lane.tracks.forEach((track, place) => {
        track.began.forEach((began, band) => {
          const spot = picture.place(began, at, place);
          const isMoment = track.began[band + 1] === began;
          const isBelow = spot.y + spot.height > picture.current().height;
          if (isMoment || isBelow || spot.width < 3) return;
          checked++;
          const hit = picture.at(spot.x + spot.width / 2, spot.y + spot.height / 2);
          const isIt = hit?.lane === at && hit.track === place && hit.band === band;
          if (!isIt || hit.row !== track.row[band]) wrong.push([at, place, band, hit]);
        });
      }));
      return [checked, wrong];
    }"""
    )
    assert checked > 5
    assert wrong == []


def test_an_arrow_is_found_on_its_way(page_of):
    checked, wrong = page_of(FLAKY).ask(
        """() => {
      const { picture, doc } = report;
      const { scale, layout, top } = picture.current();
      const { source, target, sent, got, row } = doc.arrows;
      const height = box => top + box.marks.y + box.marks.height - 6.5;
      const wrong = [];
      let checked = 0;
      for (let arrow = 0; arrow < sent.length; arrow++) {
        if (got[arrow] - sent[arrow] < 2e6) continue;
        const ends = [scale.x(sent[arrow]), scale.x(got[arrow])];
        const heights = [height(layout.of[source[arrow]]), height(layout.of[target[arrow]])];
        const at = share => [ends, heights].map(([one, other]) => one + share * (other - one));
        const found = Array.from({ length: 60 }, (_, step) => picture.at(...at(step / 60))?.row);
        if (at(1)[1] > picture.current().height && at(0)[1] > picture.current().height) continue;
        checked++;
        if (!found.includes(row[arrow])) wrong.push([arrow, found]);
      }
      return [checked, wrong];
    }"""
    )
    assert checked
    assert wrong == []


def test_the_wheel_comes_closer_and_goes_back(page_of):
    page, run = page_of(FLAKY), page_of(FLAKY).ask("report.doc.ended")
    box = box_of(page)
    page.run(page.tab.mouse.move(box["x"] + 600, box["y"] + 100))
    page.run(page.tab.mouse.wheel(0, -600))
    page.until("end => report.store.state.to - report.store.state.from < end / 1.5", run)
    page.run(page.tab.mouse.wheel(0, 3000))
    page.until("end => report.store.state.to - report.store.state.from === end", run)


def test_a_drag_moves_what_is_seen_with_it(page_of):
    page = page_of(FLAKY)
    box = box_of(page)
    page.ask("() => report.picture.zoom(8, 700)")
    time = page.ask("() => report.picture.current().scale.time(600)")
    page.drag(box["x"] + 600, box["y"] + 100, box["x"] + 700, box["y"] + 100)
    assert page.ask("() => report.picture.current().scale.time(700)") == pytest.approx(
        time, rel=1e-6
    )
    assert state(page, "selected") == -1


def test_a_drag_with_shift_selects_a_range(page_of):
    page = page_of(FLAKY)
    box = box_of(page)
    ends = page.ask("() => [500, 700].map(x => report.picture.current().scale.time(x))")
    page.run(page.tab.keyboard.down("Shift"))
    page.drag(box["x"] + 700, box["y"] + 100, box["x"] + 500, box["y"] + 100)
    page.run(page.tab.keyboard.up("Shift"))
    assert state(page, "range") == pytest.approx(ends, abs=1)


def test_a_click_selects_what_is_there_and_its_moment(page_of, reports):
    page, box = page_of(KICKED), box_of(page_of(KICKED))
    (row, record), *_ = reports(KICKED).events("sessionReconnecting")
    lane = [each.name for each in reports(KICKED).timeline.lanes].index(record.client)
    spot = page.ask("([time, lane]) => report.picture.place(time, lane)", [record.time, lane])
    page.click(box["x"] + spot["x"], box["y"] + spot["y"] + spot["height"] - 6.5)
    assert state(page, "selected") == row
    assert state(page, "cursor") == record.time


def test_a_click_with_alt_marks_a_second_moment(page_of):
    page = page_of(FLAKY)
    box = box_of(page)
    time = page.ask("() => report.picture.current().scale.time(640)")
    page.run(page.tab.keyboard.down("Alt"))
    page.click(box["x"] + 640, box["y"] + 120)
    page.run(page.tab.keyboard.up("Alt"))
    assert state(page, "mark") == pytest.approx(time, abs=1)
    assert state(page, "cursor") is None


def test_who_is_selected_is_scrolled_into_sight(page_of):
    page = page_of(FLAKY)
    lanes = page.ask("report.doc.lanes.length")
    last = page.ask(
        "lane => report.doc.rows.lane.lastIndexOf(lane)",
        lanes - 2,
    )
    page.ask("row => report.store.set({ selected: row })", last)
    spot = page.ask("lane => report.picture.place(0, lane)", lanes - 2)
    assert 0 <= spot["y"] <= box_of(page)["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_can_be_told_from_what_is_behind_it(scheme, page_of):
    page = page_of(FLAKY)
    page.shows(scheme)
    page.drawn()
    contrasts = page.ask(CONTRASTS)
    page.shows("light")
    assert contrasts["lines"] >= 3
    assert contrasts["states"] >= 4.5
    assert contrasts["texts"] >= 4.5


def test_the_page_has_the_hues_of_a_still(page_of):
    hues = page_of(FLAKY).ask("() => report.picture.current().looks.colours.hues")
    still = {name: {"fill": hue.fill, "line": hue.line} for name, hue in HUES.items()}
    assert hues == still


def test_states_of_a_kind_differ_in_their_pattern_not_in_colour_alone(page_of):
    painted = page_of(FLAKY).ask(
        """() => {
      const { looks } = report.picture.current();
      const paint = look => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 16, height: 16 });
        const context = canvas.getContext("2d", { willReadFrequently: true });
        context.fillStyle = look.fill;
        context.fillRect(0, 0, 16, 16);
        const { data } = context.getImageData(0, 0, 16, 16);
        const isFilled = at => [0, 1, 2].every(part => Math.abs(data[at + part] - data[part]) < 24);
        return Array.from({ length: 256 }, (_, at) => isFilled(4 * at) ? "." : "#").join("");
      };
      return Object.entries(report.doc.states).map(([kind, names]) => {
        const patterns = names.filter(name => name !== "ended")
          .map(name => paint(looks.of(kind, name)));
        return [kind, patterns.length, new Set(patterns).size];
      });
    }"""
    )
    assert painted
    for kind, states, patterns in painted:
        assert patterns == states, kind


def test_the_page_can_be_dark(page_of):
    page = page_of(FLAKY)
    corner = "() => {" + PIXELS + "return pixelsOf(report.picture)(4, 4) }"
    light = page.ask(corner)
    page.shows("dark")
    page.drawn()
    dark = page.ask(corner)
    page.shows("light")
    page.drawn()
    assert min(light[:3]) > 240
    assert max(dark[:3]) < 40


def test_on_paper_all_lanes_are_drawn_in_light_colours(page_of):
    page = page_of(FLAKY)
    page.shows("dark")
    width, height, whole, corner = page.ask(
        "() => {"
        + PIXELS
        + """
      const { picture } = report;
      picture.print(900);
      const drawn = [picture.canvas.width / picture.sheet.ratio,
        picture.canvas.height / picture.sheet.ratio, picture.wholeHeight];
      const corner = pixelsOf(picture)(4, 4);
      picture.printed();
      return [...drawn, corner];
    }"""
    )
    page.shows("light")
    assert (width, height) == pytest.approx((900, whole), abs=1)
    assert min(corner[:3]) > 240


FINGERS = """([type, fingers]) => {
  const canvas = report.picture.canvas;
  const { left, top } = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => {};
  for (const [pointerId, x, y] of fingers) {
    canvas.dispatchEvent(new PointerEvent(type, { pointerId, pointerType: "touch", button: 0,
      clientX: left + x, clientY: top + y, bubbles: true, cancelable: true }));
  }
}"""
AT = "x => report.picture.current().scale.time(x)"


def test_two_fingers_that_part_come_closer_and_what_is_under_them_stays_there(page_of):
    page = page_of(FLAKY)
    before = state(page, "to") - state(page, "from")
    page.ask(FINGERS, ["pointerdown", [[1, 400, 100], [2, 500, 100]]])
    held = [page.ask(AT, 400), page.ask(AT, 500)]
    page.ask(FINGERS, ["pointermove", [[2, 520, 104], [2, 600, 110], [1, 350, 100]]])
    assert [page.ask(AT, 350), page.ask(AT, 600)] == pytest.approx(held, rel=1e-3)
    page.ask(FINGERS, ["pointerup", [[1, 350, 100], [2, 600, 110]]])
    assert state(page, "to") - state(page, "from") < before / 1.5
    assert state(page, "selected") == -1
    assert state(page, "cursor") is None


def test_one_finger_that_is_left_of_two_moves_nothing_by_a_leap(page_of):
    page = page_of(FLAKY)
    page.ask("() => report.picture.zoom(8, 500)")
    page.ask(FINGERS, ["pointerdown", [[1, 400, 100], [2, 500, 100]]])
    page.ask(FINGERS, ["pointerup", [[1, 400, 100]]])
    before = state(page, "from")
    page.ask(FINGERS, ["pointermove", [[2, 300, 100]]])
    assert state(page, "from") == before
    page.ask(FINGERS, ["pointerup", [[2, 300, 100]]])
    assert state(page, "selected") == -1


WHEEL = """([x, deltaX, deltaY, deltaMode, shiftKey]) => {
  const canvas = report.picture.canvas;
  const { left, top } = canvas.getBoundingClientRect();
  const event = new WheelEvent("wheel", { deltaX, deltaY, deltaMode, shiftKey,
    clientX: left + x, clientY: top + 100, bubbles: true, cancelable: true });
  canvas.dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_a_wheel_zooms_about_the_pointer_in_pixels_and_in_lines(page_of):
    page = page_of(FLAKY)
    time = page.ask(AT, 450)
    assert page.ask(WHEEL, [450, 0, -300, 0, False])
    spans = [state(page, "to") - state(page, "from")]
    assert page.ask(AT, 450) == pytest.approx(time, abs=100)
    page.ask("() => report.picture.fit()")
    page.ask(WHEEL, [450, 0, -300 / 16, 1, False])
    spans.append(state(page, "to") - state(page, "from"))
    assert spans[0] == pytest.approx(spans[1], rel=1e-6)
    assert spans[0] < page.ask("report.doc.ended")


@pytest.mark.parametrize("turned", [[500, 60, 0, 0, False], [500, 0, 60, 0, True]])
def test_a_wheel_across_or_with_shift_moves(turned, page_of):
    page = page_of(FLAKY)
    page.ask("() => report.picture.zoom(8, 500)")
    time = page.ask(AT, 560)
    page.ask(WHEEL, turned)
    assert page.ask(AT, 500) == pytest.approx(time, rel=1e-6)


def test_the_thumb_of_the_scrollbar_is_dragged_to_the_last_lane(page_of):
    page, box = page_of(FLAKY), box_of(page_of(FLAKY))
    x = box["x"] + box["width"] - 6
    lanes = page.ask("report.doc.lanes.length")
    page.drag(x, box["y"] + 50, x, box["y"] + box["height"] - 2)
    last = page.ask("lane => report.picture.place(0, lane)", lanes - 1)
    assert last["y"] < box["height"]
    assert [state(page, "from"), state(page, "to")] == [0, page.ask("report.doc.ended")]
    assert state(page, "cursor") is None
    page.click(x, box["y"] + 46)
    assert page.ask("() => report.picture.place(0, 0)")["y"] > 0


ON_PAPER = (
    "() => {"
    + PIXELS
    + """
  const ground = document.createElement("canvas").getContext("2d");
  const light = colour => {
    ground.fillStyle = colour;
    return [1, 3, 5].map(at => parseInt(ground.fillStyle.slice(at, at + 2), 16))
      .reduce((sum, part) => sum + part);
  };
  const seen = [...document.querySelectorAll("body *")]
    .filter(each => each.innerText && each.getClientRects().length && !each.children.length);
  const style = each => getComputedStyle(each);
  const pale = seen.filter(each => light(style(each).color) > 450).map(each => each.outerHTML);
  const dark = [document.body, ...document.querySelectorAll("body *")].filter(each =>
    each.getClientRects().length && style(each).backgroundColor !== "rgba(0, 0, 0, 0)"
      && light(style(each).backgroundColor) < 600).map(each => each.outerHTML.slice(0, 200));
  return [seen.length, pale, dark, pixelsOf(report.picture)(1, 1)];
}"""
)


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_paper_is_light_whatever_the_screen_is(theme, page_of):
    page = page_of(BROKEN)
    page.shows("dark")
    page.run(page.tab.emulate_media(media="print"))
    page.ask(
        "theme => { if (theme === 'dark') document.documentElement.dataset.theme = theme;"
        " window.dispatchEvent(new Event('beforeprint')); }",
        theme,
    )
    swatches = "() => [...document.querySelectorAll('#legend-list canvas')].map(c => c.toDataURL())"
    seen, pale, dark, corner = page.ask(ON_PAPER)
    printed = page.ask(swatches)
    page.ask(
        "() => { window.dispatchEvent(new Event('afterprint'));"
        " delete document.documentElement.dataset.theme;"
        " document.getElementById('legend').open = false; }"
    )
    page.run(page.tab.emulate_media(media="screen"))
    page.shows("light")
    assert seen > 50
    assert pale == dark == []
    assert min(corner) > 240
    page.ask("() => report.store.set({ theme: 'light' })")
    assert page.ask(swatches) == printed
