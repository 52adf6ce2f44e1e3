// What every part of the picture draws with, and a few strokes that they share.

/** @typedef {import("../document.js").Doc} Doc */
/** @typedef {import("../store.js").State} State */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").LaneBox} LaneBox */
/** @typedef {import("./looks.js").Looks} Looks */
/** @typedef {import("./marks.js").Marks} Marks */
/** @typedef {import("./scale.js").Scale} Scale */

/**
 * @typedef {object} Scene
 * @property {CanvasRenderingContext2D} context
 * @property {Doc} doc
 * @property {Readonly<State>} state
 * @property {Scale} scale
 * @property {Layout} layout
 * @property {Looks} looks
 * @property {Marks} marks the rows of each lane
 * @property {Arrows} arrows
 * @property {number} width of the picture
 * @property {number} height
 * @property {number} top where the lanes begin, under the axis
 * @property {number} scroll how far the lanes are scrolled
 */

/** @typedef {import("./arrows.js").ArrowIndex} Arrows */

export const FONT = "system-ui, sans-serif";
/** Around the plot, so that what happens at its first or last moment is seen whole. */
export const MARGIN = 14;

/** The height in the picture of a height among the lanes. @param {Scene} scene @param {number} y */
export function laneY(scene, y) {
  return scene.top + y - scene.scroll;
}

/** Whether any of the lane is in sight. @param {Scene} scene @param {LaneBox} box */
export function isInSight(scene, box) {
  const y = laneY(scene, box.y);
  return y < scene.height && y + box.height > scene.top;
}

/** Confines what is drawn to the plot. @param {Scene} scene @param {() => void} draw */
export function insidePlot(scene, draw) {
  const { context, scale, width, height, top } = scene;
  context.save();
  context.beginPath();
  context.rect(scale.left - MARGIN, top, width - scale.left + MARGIN, height - top);
  context.clip();
  draw();
  context.restore();
}

/** The first and the last time in sight, margins included. @param {Scale} scale @returns {[number, number]} */
export function sight(scale) {
  return [scale.time(scale.left - MARGIN), scale.time(scale.right + MARGIN)];
}

/** @type {Map<string, number>} */
const widths = new Map();
const MOST_WIDTHS = 20_000;

/** The width of a text; measured once. @param {CanvasRenderingContext2D} context @param {string} text */
export function textWidth(context, text) {
  const key = `${context.font}\n${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > MOST_WIDTHS) widths.clear();
    widths.set(key, (width = context.measureText(text).width));
  }
  return width;
}

/** The text, cut with an ellipsis if it has no room. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room */
export function fitted(context, text, room) {
  if (textWidth(context, text) <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(context, `${text.slice(0, middle)}…`) <= room) low = middle;
    else high = middle - 1;
  }
  return low ? `${text.slice(0, low)}…` : "";
}

/** A point in time as the product writes it: h:mm:ss.mmm, hours only when there are any. @param {number} microseconds */
export function writeMoment(microseconds) {
  const milliseconds = Math.floor(microseconds / 1000);
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const seconds = `${two(Math.floor(milliseconds / 1000) % 60)}.${String(milliseconds % 1000).padStart(3, "0")}`;
  const minutes = Math.floor(milliseconds / 60_000);
  return minutes < 60 ? `${minutes}:${seconds}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${seconds}`;
}

/** A length of time in its largest units: 2 h 5 min, 19.4 s, 30 ms. @param {number} microseconds */
export function writeLength(microseconds) {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  if (microseconds < 999_500) return `${Math.round(microseconds / 1000)} ms`;
  if (microseconds < 59_950_000) return `${Number((microseconds / 1e6).toFixed(1))} s`;
  const seconds = Math.round(microseconds / 1e6);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
}
