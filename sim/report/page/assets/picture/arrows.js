// Messages between lanes as arrows; those that were lost as stubs.
import { laneY, sight } from "./scene.js";
import { upperBound } from "../filtering.js";
import { markLine } from "./layout.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("../document.js").Doc} Doc */

/**
 * @typedef {object} ArrowIndex
 * @property {Float64Array} sent sorted
 * @property {Float64Array} latest of each arrow the latest end of it and of those before
 */

/** As many arrows are drawn each by itself; more, as one for each pair of lanes and column of so many pixels. */
export const FEW_ARROWS = 1500;
const ARROW_COLUMN = 4;
/** How far a lost message gets, as a share of its way. */
const STUB = 0.4;
/** and in pixels where they are drawn together. */
const LOST_LENGTH = 16;
const HEAD = 5;

/** @param {Doc} doc @returns {ArrowIndex} */
export function indexArrows({ arrows }) {
  const latest = new Float64Array(arrows.sent.length);
  let end = -1;
  for (let arrow = 0; arrow < latest.length; arrow++) {
    end = Math.max(end, arrows.sent[arrow], arrows.got[arrow]);
    latest[arrow] = end;
  }
  return { sent: arrows.sent, latest };
}

/** The first arrow that may be in sight, and the first after them. @param {Scene} scene @returns {[number, number]} */
export function arrowsInSight(scene) {
  const [from, to] = sight(scene.scale);
  return [upperBound(scene.arrows.latest, from - 1), upperBound(scene.arrows.sent, to)];
}

/** @param {Scene} scene */
export function drawArrows(scene) {
  const [first, end] = arrowsInSight(scene);
  if (end - first > FEW_ARROWS) drawMany(scene, first, end);
  else for (let arrow = first; arrow < end; arrow++) drawOne(scene, arrow);
}

/**
 * From where to where an arrow goes, or null if a lane of it is hidden.
 * @param {Scene} scene @param {number} arrow @returns {[number, number, number, number] | null}
 */
export function arrowEnds(scene, arrow) {
  const { source, target, sent, got } = scene.doc.arrows;
  const [begin, end] = [scene.layout.of[source[arrow]], scene.layout.of[target[arrow]]];
  if (!begin || !end) return null;
  const [y, bottom] = [laneY(scene, markLine(begin)), laneY(scene, markLine(end))];
  const x = scene.scale.x(sent[arrow]);
  if (got[arrow] >= 0) return [x, y, scene.scale.x(got[arrow]), bottom];
  return [x, y, x + 6, y + (bottom - y) * STUB];
}

/** @param {Scene} scene @param {number} arrow */
function drawOne(scene, arrow) {
  const ends = arrowEnds(scene, arrow);
  if (!ends) return;
  const { context, doc, looks } = scene;
  const isLost = doc.arrows.got[arrow] < 0;
  context.strokeStyle = context.fillStyle = isLost ? looks.colours.hues.broken.line : looks.colours.arrow;
  context.lineWidth = isLost ? 1.5 : 1;
  context.globalAlpha = isLost ? 1 : 0.75;
  strokeArrow(context, ends);
  if (isLost) drawCross(context, ends[2], ends[3]);
  else drawHead(context, ends);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {[number, number, number, number]} ends */
export function strokeArrow(context, [x, y, right, bottom]) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(right, bottom);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {[number, number, number, number]} ends */
export function drawHead(context, [x, y, right, bottom]) {
  const angle = Math.atan2(bottom - y, right - x);
  context.beginPath();
  context.moveTo(right, bottom);
  for (const side of [angle - 0.42, angle + 0.42]) {
    context.lineTo(right - HEAD * 1.5 * Math.cos(side), bottom - HEAD * 1.5 * Math.sin(side));
  }
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function drawCross(context, x, y) {
  context.beginPath();
  for (const sense of [1, -1]) {
    context.moveTo(x - 3, y - 3 * sense);
    context.lineTo(x + 3, y + 3 * sense);
  }
  context.stroke();
}

/**
 * Where each lane's arrows begin and end: a slot and its height in the picture. Lanes above the picture share the
 * first slot and those below it the last, so that only what is seen is drawn; a hidden lane has slot -1.
 * @param {Scene} scene
 */
function slotsOf(scene) {
  const slots = new Int32Array(scene.doc.lanes.length).fill(-1);
  const heights = [scene.top - 1];
  for (const box of scene.layout.boxes) {
    const y = laneY(scene, markLine(box));
    if (y > scene.top && y < scene.height) heights.push(y);
    slots[box.lane] = y <= scene.top ? 0 : heights.length - (y < scene.height ? 1 : 0);
  }
  heights.push(scene.height + 1);
  return { slots, heights };
}

/**
 * One line for all arrows of a pair of lanes in a column, the darker the more they are.
 * @param {Scene} scene @param {number} first @param {number} end
 */
function drawMany(scene, first, end) {
  const { slots, heights } = slotsOf(scene);
  const { context, looks } = scene;
  const size = heights.length;
  for (const [key, count] of countColumns(scene, first, end, slots, size)) {
    const isLost = key % 2 === 1;
    const pair = Math.floor(key / 2) % (size * size);
    const column = Math.floor(key / 2 / (size * size));
    const [y, bottom] = [heights[Math.floor(pair / size)], heights[pair % size]];
    const length = isLost ? Math.sign(bottom - y) * LOST_LENGTH : bottom - y;
    context.globalAlpha = Math.min(1, (isLost ? 0.5 : 0.15) + 0.1 * Math.log2(count));
    context.fillStyle = isLost ? looks.colours.hues.broken.line : looks.colours.arrow;
    context.fillRect(column * ARROW_COLUMN + ARROW_COLUMN / 2, Math.min(y, y + length), 1, Math.abs(length));
  }
  context.globalAlpha = 1;
}

/**
 * Column, pair of slots and fate as one number -> how many.
 * @param {Scene} scene @param {number} first @param {number} end @param {Int32Array} slots @param {number} size how many
 */
function countColumns({ doc, scale }, first, end, slots, size) {
  const { source, target, sent, got } = doc.arrows;
  /** @type {Map<number, number>} */
  const columns = new Map();
  let [column, until] = [0, -Infinity];
  for (let arrow = first; arrow < end; arrow++) {
    const [begin, goal] = [slots[source[arrow]], slots[target[arrow]]];
    if (begin < 0 || goal < 0 || begin === goal) continue;
    if (sent[arrow] >= until) {
      column = Math.max(0, Math.floor(scale.x(sent[arrow]) / ARROW_COLUMN));
      until = scale.time((column + 1) * ARROW_COLUMN);
    }
    const key = ((column * size + begin) * size + goal) * 2 + (got[arrow] < 0 ? 1 : 0);
    columns.set(key, (columns.get(key) ?? 0) + 1);
  }
  return columns;
}
