// Lanes and their tracks as rows of pixels.

/** @typedef {import("../document.js").Doc} Doc */

/**
 * @typedef {object} LaneBox
 * @property {number} lane
 * @property {number} y from the top of the first lane
 * @property {number} height
 * @property {{y: number, height: number}} marks where events are marked, names above the marks
 * @property {{y: number, height: number}[]} tracks
 */

/**
 * @typedef {object} Layout
 * @property {LaneBox[]} boxes from top to bottom; lanes that are hidden have none
 * @property {(LaneBox | undefined)[]} of by lane
 * @property {number} height of all of them
 * @property {number} levels how many rows there are for names
 */

/** Pixels of a track by its kind; all others are thin. @type {Record<string, number>} */
const THICK = { session: 19 };
const THIN = 11;
const GAP = 2;
const PADDING = 7;
/** The row of the marks themselves, and one row of names. */
export const MARK = 13;
export const NAME = 13;
const MOST_LEVELS = 4;

/**
 * @param {Doc} doc
 * @param {Set<number>} hidden lanes
 * @param {number} room pixels; what is left over is given to the names of events
 * @returns {Layout}
 */
export function createLayout(doc, hidden, room) {
  const lanes = doc.lanes.map((_, lane) => lane).filter((lane) => !hidden.has(lane));
  const least = stacked(doc, lanes, 1);
  const spare = lanes.length ? Math.floor((room - least.height) / (lanes.length * NAME)) : 0;
  const levels = Math.max(1, Math.min(MOST_LEVELS, 1 + spare));
  return levels > 1 ? stacked(doc, lanes, levels) : least;
}

/** @param {Doc} doc @param {number[]} lanes @param {number} levels @returns {Layout} */
function stacked(doc, lanes, levels) {
  /** @type {LaneBox[]} */
  const boxes = [];
  /** @type {(LaneBox | undefined)[]} */
  const of = doc.lanes.map(() => undefined);
  let y = 0;
  for (const lane of lanes) {
    const box = laneBox(doc, lane, y, levels);
    boxes.push((of[lane] = box));
    y += box.height;
  }
  return { boxes, of, height: y, levels };
}

/** @param {Doc} doc @param {number} lane @param {number} top @param {number} levels @returns {LaneBox} */
function laneBox(doc, lane, top, levels) {
  const marks = { y: top + PADDING, height: levels * NAME + MARK };
  let y = marks.y + marks.height + GAP;
  const tracks = doc.lanes[lane].tracks.map(({ kind }) => {
    const track = { y, height: THICK[kind] ?? THIN };
    y += track.height + GAP;
    return track;
  });
  return { lane, y: top, height: y - GAP + PADDING - top, marks, tracks };
}

/** Where arrows and chains touch a lane: the middle of its marks. @param {LaneBox} box */
export function markLine(box) {
  return box.marks.y + box.marks.height - MARK / 2;
}

/** The box at that height, if any. @param {Layout} layout @param {number} y */
export function boxAt(layout, y) {
  return layout.boxes.find((box) => y >= box.y && y < box.y + box.height);
}
