// What is under a point of the picture.
import { arrowEnds, arrowsInSight, FEW_ARROWS } from "./arrows.js";
import { lowerBound, upperBound } from "../filtering.js";
import { boxAt, markLine, MARK } from "./layout.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").LaneBox} LaneBox */

/**
 * @typedef {object} Hit
 * @property {"mark" | "band" | "arrow" | "shade" | "lane"} kind
 * @property {number} row of the record, or -1
 * @property {number} lane or -1
 * @property {number} track its place in the lane, or -1
 * @property {number} band its place in the track, or -1
 */

/** How near a point must be, in pixels. */
const REACH = 6;
const ARROW_REACH = 3.5;

/** @param {Scene} scene @param {number} x @param {number} y @returns {Hit | null} */
export function hitAt(scene, x, y) {
  if (y < scene.top || y >= scene.height || x >= scene.width) return null;
  const height = y - scene.top + scene.scroll;
  const box = boxAt(scene.layout, height);
  const inLane = box && (markAt(scene, box, x, height) ?? bandAt(scene, box, x, height));
  return inLane ?? arrowAt(scene, x, y) ?? (box ? (shadeAt(scene, box, x) ?? hit("lane", -1, box.lane)) : null);
}

/** @param {Hit["kind"]} kind @param {number} row @param {number} lane @param {number} [track] @param {number} [band] @returns {Hit} */
function hit(kind, row, lane, track = -1, band = -1) {
  return { kind, row, lane, track, band };
}

/** The weightiest of the nearest marks. @param {Scene} scene @param {LaneBox} box @param {number} x @param {number} y */
function markAt({ scale, marks }, box, x, y) {
  if (Math.abs(y - markLine(box)) > MARK / 2 + 1) return null;
  const [rows, times] = [marks.rows[box.lane], marks.times[box.lane]];
  let [best, least] = [-1, REACH];
  const end = upperBound(times, scale.time(x + REACH));
  for (let place = lowerBound(times, scale.time(x - REACH)); place < end; place++) {
    const distance = Math.abs(scale.x(times[place]) - x) - marks.weights[rows[place]] / 4;
    if (distance < least) [best, least] = [rows[place], distance];
  }
  return best < 0 ? null : hit("mark", best, box.lane);
}

/** @param {Scene} scene @param {LaneBox} box @param {number} x @param {number} y */
function bandAt({ doc, scale }, box, x, y) {
  const track = box.tracks.findIndex((each) => y >= each.y && y < each.y + each.height);
  if (track < 0 || x < scale.left) return null;
  const { row, began, ended } = doc.lanes[box.lane].tracks[track];
  const band = upperBound(began, scale.time(x)) - 1;
  if (band < 0 || scale.x(ended[band]) < x - 1) return null;
  return hit("band", row[band], box.lane, track, band);
}

/** Where they are drawn together, none is found by itself. @param {Scene} scene @param {number} x @param {number} y */
function arrowAt(scene, x, y) {
  const [first, end] = arrowsInSight(scene);
  if (end - first > FEW_ARROWS) return null;
  let [best, least] = [-1, ARROW_REACH];
  for (let arrow = first; arrow < end; arrow++) {
    const ends = arrowEnds(scene, arrow);
    const distance = ends ? distanceTo(ends, x, y) : Infinity;
    if (distance < least) [best, least] = [arrow, distance];
  }
  const { row, target } = scene.doc.arrows;
  return best < 0 ? null : hit("arrow", row[best], target[best]);
}

/** From a point to a line. @param {[number, number, number, number]} ends @param {number} x @param {number} y */
function distanceTo([x0, y0, x1, y1], x, y) {
  const [width, height] = [x1 - x0, y1 - y0];
  const length = width * width + height * height;
  const share = length ? Math.max(0, Math.min(1, ((x - x0) * width + (y - y0) * height) / length)) : 0;
  return Math.hypot(x - x0 - share * width, y - y0 - share * height);
}

/** The shortest of the faults there. @param {Scene} scene @param {LaneBox} box @param {number} x */
function shadeAt({ doc: { shades }, scale }, box, x) {
  const time = scale.time(x);
  let best = -1;
  for (let shade = 0; shade < shades.began.length; shade++) {
    if (shades.lane[shade] !== box.lane || shades.began[shade] > time || shades.ended[shade] < time) continue;
    if (best < 0 || shades.ended[shade] - shades.began[shade] < shades.ended[best] - shades.began[best]) best = shade;
  }
  return best < 0 ? null : hit("shade", shades.row[best], box.lane);
}
