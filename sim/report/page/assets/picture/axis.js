// The axis of time: round ticks where time runs, and the folds with the length of what they leave out.
import { clock, roundClock } from "../wording.js";
import { bottomOf, roundDuration, textWidth, FONT, MARGIN } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./scale.js").Fold} Fold */

/** Round steps, in microseconds. */
const TICK_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .flatMap((step) => [step * 100, step * 100_000])
  .filter((step) => step <= 10_000_000)
  .concat([15e6, 30e6, 60e6, 120e6, 300e6, 600e6, 900e6, 1800e6, 3600e6, 7200e6, 21600e6, 86400e6])
  .filter((step, place, all) => all.indexOf(step) === place)
  .sort((one, other) => one - other);
/** Pixels from one tick to the next, at least. */
const APART = 84;

/** How far ticks are apart: a round time. @param {Scale} scale */
function stepOf(scale) {
  return TICK_STEPS.find((each) => each * scale.density >= APART) ?? TICK_STEPS[TICK_STEPS.length - 1];
}

/**
 * The times of the ticks: multiples of one round step, none inside a fold.
 * @param {Scale} scale @param {Fold[]} folds in sight @returns {number[]}
 */
export function ticksOf(scale, folds) {
  const step = stepOf(scale);
  const ticks = [];
  let from = scale.from;
  for (const { began, ended } of [...folds, { began: scale.to, ended: scale.to }]) {
    for (let tick = Math.ceil(from / step) * step; tick <= began && tick <= scale.to; tick += step) ticks.push(tick);
    from = Math.max(from, ended);
  }
  return ticks;
}

/** @param {Scene} scene */
export function drawAxis(scene) {
  const { context, scale, looks, top, width } = scene;
  context.fillStyle = looks.colours.surface;
  context.fillRect(0, 0, width, top);
  context.fillStyle = looks.colours.rule;
  context.fillRect(0, top - 1, width, 1);
  context.textBaseline = "middle";
  const folds = scale.seen();
  const step = stepOf(scale);
  const ticks = ticksOf(scale, folds).map((time) => ({ x: scale.x(time), text: writeTick(time, step) }));
  context.font = `11px ${FONT}`;
  context.fillStyle = looks.colours.ink;
  const times = writeLabels(scene, ticks, top - TICKS);
  context.font = `600 10px ${FONT}`;
  context.fillStyle = looks.colours.muted;
  const lengths = writeLabels(scene, folds.map(lengthLabel), top - LENGTHS);
  scene.labels = [...times, ...lengths];
}

/** How high above the lanes the times are written, and the lengths of folds. */
export const [TICKS, LENGTHS] = [17, 32];
/** Half the height of a line of labels. */
const HALF_LINE = 8;

/**
 * Removes the labels that a box on the axis would cover in part.
 * @param {Scene} scene @param {number} left @param {number} right @param {number} y the middle of its line
 */
export function clearLabels({ context, looks, labels }, left, right, y) {
  context.fillStyle = looks.colours.surface;
  for (const label of labels) {
    if (label.y !== y || label.right < left || label.left > right) continue;
    context.fillRect(label.left - 1, y - HALF_LINE, label.right - label.left + 2, 2 * HALF_LINE);
  }
}

/** @param {Fold} fold */
function lengthLabel({ began, ended, left, right }) {
  return { x: (left + right) / 2, text: `⋯ ${roundDuration(ended - began)} ⋯` };
}

/**
 * Each at its place, as far as the one before leaves room; returns the places of those that are written.
 * @param {Scene} scene @param {{x: number, text: string}[]} labels @param {number} y
 */
function writeLabels({ context, scale, width }, labels, y) {
  const written = [];
  let free = scale.left - MARGIN;
  for (const { x, text } of labels) {
    const room = textWidth(context, text);
    const left = Math.max(scale.left - MARGIN + 2, Math.min(x - room / 2, width - room - 2));
    if (left < free || Math.abs(left + room / 2 - x) > room / 2) continue;
    context.fillText(text, left, y);
    written.push({ left, right: left + room, y });
    free = left + room + 8;
  }
  return written;
}

/** As exact as the step; finer than a millisecond, with what is beyond it. @param {number} time @param {number} step */
function writeTick(time, step) {
  const beyond = Math.round(time % 1000);
  return beyond ? `${clock(time)} +${beyond} µs` : roundClock(time, step);
}

/** Fine lines through the lanes at the ticks. @param {Scene} scene */
export function drawGrid(scene) {
  const { context, scale, looks, top } = scene;
  context.fillStyle = looks.colours.rule;
  context.globalAlpha = 0.6;
  for (const time of ticksOf(scale, scale.seen())) context.fillRect(Math.round(scale.x(time)), top, 1, bottomOf(scene) - top);
  context.globalAlpha = 1;
}

/** The folds over the lanes: strips with torn edges. @param {Scene} scene */
export function drawFolds(scene) {
  for (const fold of scene.scale.seen()) drawTear(scene, fold);
}

const TOOTH = 5;

/** @param {Scene} scene @param {Fold} fold */
function drawTear(scene, { left, right }) {
  const { context, looks, top } = scene;
  const height = bottomOf(scene);
  const depth = Math.min(3, (right - left) / 4);
  context.beginPath();
  tornEdge(context, left, top, height, depth, 1);
  tornEdge(context, right, top, height, depth, -1);
  context.globalAlpha = 0.5;
  context.fillStyle = looks.colours.surface;
  context.fill();
  context.globalAlpha = 1;
  if (right - left < 6) return;
  context.strokeStyle = looks.colours.rule;
  context.lineWidth = 1;
  context.stroke();
}

/** Goes down one edge of a fold, or up the other. @param {CanvasRenderingContext2D} context @param {number} x @param {number} top @param {number} bottom @param {number} depth @param {1 | -1} sense */
function tornEdge(context, x, top, bottom, depth, sense) {
  const begin = sense > 0 ? top : bottom;
  const teeth = Math.ceil((bottom - top) / TOOTH);
  for (let tooth = 0; tooth <= teeth; tooth++) {
    const inward = tooth % 2 ? depth * sense : 0;
    const y = begin + sense * Math.min(tooth * TOOTH, bottom - top);
    if (tooth === 0 && sense > 0) context.moveTo(x + inward, y);
    else context.lineTo(x + inward, y);
  }
}
