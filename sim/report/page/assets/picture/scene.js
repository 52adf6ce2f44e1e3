// What every part of the picture draws with, and a few strokes that they share.
import { duration } from "../wording.js";

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
 * @property {{left: number, right: number, y: number}[]} labels that are on the axis, each around its middle
 * @property {Set<number>} titled the rows that stand beside the name of their shade
 */

/** @typedef {import("./arrows.js").ArrowIndex} Arrows */

export const FONT = "system-ui, sans-serif";
/** Around the plot, so that what happens at its first or last moment is seen whole. */
export const MARGIN = 14;

/** The height in the picture of a height among the lanes. @param {Scene} scene @param {number} y */
export function laneY(scene, y) {
  return scene.top + y - scene.scroll;
}

/** Where the lanes end, or the picture does. @param {Scene} scene */
export function bottomOf(scene) {
  return Math.min(scene.height, laneY(scene, scene.layout.height));
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

/** A length of time to about three digits: 2min 7s, 19.4s, 30ms. @param {number} microseconds */
export function roundDuration(microseconds) {
  const unit = [1_000_000, 100_000, 1000, 1][[60_000_000, 1_000_000, 1000, 0].findIndex((least) => microseconds >= least)];
  return duration(Math.round(microseconds / unit) * unit);
}
