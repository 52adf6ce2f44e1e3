// Why it happened: the causes of the selected record drawn over the lanes, and, lighter, what it led to.
import { drawHead, strokeArrow } from "./arrows.js";
import { markLine } from "./layout.js";
import { laneY } from "./scene.js";
import { ring } from "./marks.js";

/** @typedef {import("./scene.js").Scene} Scene */

/** Effects are followed so many steps; a step that has more of them shows the first. */
const EFFECT_STEPS = 3;
const MOST_EFFECTS = 200;

/** @param {Scene} scene */
export function drawChain(scene) {
  const { doc, state, looks, context } = scene;
  const { selected } = state;
  if (selected < 0 || selected >= doc.rows.count) return;
  context.strokeStyle = context.fillStyle = looks.colours.chain;
  context.lineWidth = 1.2;
  context.globalAlpha = 0.55;
  context.setLineDash([4, 3]);
  for (const [cause, row] of effectsOf(scene, selected)) drawLink(scene, cause, row);
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.lineWidth = 2.5;
  const chain = doc.chain(selected);
  for (const row of chain) for (const cause of doc.causes(row)) drawLink(scene, cause, row);
  for (const row of chain) drawDot(scene, row, row === selected);
}

/** What followed, as pairs of a record and one that it led to. @param {Scene} scene @param {number} selected */
function effectsOf({ doc }, selected) {
  /** @type {[number, number][]} */
  const links = [];
  let front = [selected];
  for (let step = 0; step < EFFECT_STEPS && links.length < MOST_EFFECTS; step++) {
    const next = [];
    for (const cause of front) {
      for (const row of doc.effects(cause)) {
        if (links.length < MOST_EFFECTS) links.push([cause, row]);
        next.push(row);
      }
    }
    front = next;
  }
  return links;
}

/** Where a record is, or null if its lane is hidden. @param {Scene} scene @param {number} row @returns {[number, number] | null} */
function pointOf(scene, row) {
  const { time, lane } = scene.doc.rows;
  const box = scene.layout.of[lane[row]];
  return box ? [scene.scale.x(time[row]), laneY(scene, markLine(box))] : null;
}

/** @param {Scene} scene @param {number} cause @param {number} row */
function drawLink(scene, cause, row) {
  const { context, looks } = scene;
  const [begin, end] = [pointOf(scene, cause), pointOf(scene, row)];
  if (!begin || !end || Math.hypot(end[0] - begin[0], end[1] - begin[1]) < 2) return;
  const line = context.lineWidth;
  if (line > 2) {
    context.strokeStyle = looks.colours.surface;
    context.lineWidth = line + 2.5;
    strokeArrow(context, [...begin, ...end]);
    context.strokeStyle = looks.colours.chain;
    context.lineWidth = line;
  }
  strokeArrow(context, [...begin, ...end]);
  drawHead(context, [...begin, ...end]);
}

/** @param {Scene} scene @param {number} row @param {boolean} isSelected */
function drawDot(scene, row, isSelected) {
  const point = pointOf(scene, row);
  if (!point) return;
  const { context, looks } = scene;
  context.fillStyle = looks.colours.chain;
  context.strokeStyle = looks.colours.surface;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(point[0], point[1], 4, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  if (isSelected) ring(context, point[0], point[1], looks.colours.chain);
}
