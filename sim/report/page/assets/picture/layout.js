// Lanes and their tracks as rows of pixels.

/** @typedef {import("../document.js").Doc} Doc */

/**
 * @typedef {object} LaneBox
 * @property {number} lane
 * @property {number} y from the top of the first lane
 * @property {number} height
 * @property {{y: number, height: number}} faults where faults are named; of no height in a lane without any
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
const THIN = 12;
const GAP = 2;
const PADDING = 6;
const FAULT = 12;
/** The row of the marks themselves, and one row of names. */
export const MARK = 13;
export const NAME = 13;
const [LEAST_LEVELS, MOST_LEVELS] = [2, 4];
/** How much taller tracks may be than they must, where there is room. */
const MOST_GROWTH = 1.5;

/**
 * @param {Doc} doc
 * @param {Set<number>} hidden lanes
 * @param {number} room pixels; what is left over is given to the names of events, then to the tracks
 * @returns {Layout}
 */
export function createLayout(doc, hidden, room) {
  const lanes = doc.lanes.map((_, lane) => lane).filter((lane) => !hidden.has(lane));
  const spare = room - stacked(doc, lanes, LEAST_LEVELS, 1).height;
  const more = Math.max(0, Math.floor(spare / (lanes.length * NAME || 1)));
  const levels = Math.min(MOST_LEVELS, LEAST_LEVELS + more);
  const height = stacked(doc, lanes, levels, 1).height;
  const tracks = lanes.flatMap((lane) => doc.lanes[lane].tracks).reduce((sum, { kind }) => sum + trackHeight(kind), 0);
  const growth = Math.max(1, Math.min(MOST_GROWTH, 1 + (room - height) / (tracks || 1)));
  return stacked(doc, lanes, levels, growth);
}

/** @param {string} kind of a track */
function trackHeight(kind) {
  return THICK[kind] ?? THIN;
}

/** @param {Doc} doc @param {number[]} lanes @param {number} levels @param {number} growth of the tracks @returns {Layout} */
function stacked(doc, lanes, levels, growth) {
  const faulty = new Set(doc.shades.lane);
  /** @type {LaneBox[]} */
  const boxes = [];
  /** @type {(LaneBox | undefined)[]} */
  const of = doc.lanes.map(() => undefined);
  let y = 0;
  for (const lane of lanes) {
    const heights = doc.lanes[lane].tracks.map(({ kind }) => Math.floor(trackHeight(kind) * growth));
    const box = laneBox(lane, y, levels * NAME + MARK, faulty.has(lane) ? FAULT : 0, heights);
    boxes.push((of[lane] = box));
    y += box.height;
  }
  return { boxes, of, height: y, levels };
}

/** @param {number} lane @param {number} top @param {number} markHeight @param {number} faultHeight @param {number[]} heights @returns {LaneBox} */
function laneBox(lane, top, markHeight, faultHeight, heights) {
  const faults = { y: top + PADDING - 2, height: faultHeight };
  const marks = { y: faults.y + faultHeight + 2, height: markHeight };
  let y = marks.y + markHeight + GAP;
  const tracks = heights.map((height) => {
    const track = { y, height };
    y += height + GAP;
    return track;
  });
  return { lane, y: top, height: y - GAP + PADDING - top, faults, marks, tracks };
}

/** Where arrows and chains touch a lane: the middle of its marks. @param {LaneBox} box */
export function markLine(box) {
  return box.marks.y + box.marks.height - MARK / 2;
}

/** The box at that height, if any. @param {Layout} layout @param {number} y */
export function boxAt(layout, y) {
  return layout.boxes.find((box) => y >= box.y && y < box.y + box.height);
}
