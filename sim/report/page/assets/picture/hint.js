// What is under the pointer, in words beside it.
import { lowerBound, upperBound } from "../filtering.js";
import { clock, counted, duration } from "../wording.js";
import { fitted, textWidth, FONT } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./hits.js").Hit} Hit */

const WIDEST = 420;
const LINE = 15;
const MOST_LINES = 10;
/** Marks within so many pixels of each other cannot be told apart. */
const SHARED = 3;

/** @param {Scene} scene @param {Hit} hit @param {number} x @param {number} y */
export function drawHint(scene, hit, x, y) {
  const lines = wordsOf(scene, hit);
  if (!lines.length) return;
  const { context, looks, width, height } = scene;
  context.font = `11px ${FONT}`;
  const shown = lines.map((line) => fitted(context, line, Math.min(WIDEST, width - 24)));
  const room = Math.max(...shown.map((line) => textWidth(context, line))) + 14;
  const tall = shown.length * LINE + 8;
  const left = Math.max(2, Math.min(x + 12, width - room - 2));
  const top = y + 16 + tall > height ? Math.max(2, y - tall - 8) : y + 16;
  context.fillStyle = looks.colours.hint;
  context.globalAlpha = 0.94;
  context.beginPath();
  context.roundRect(left, top, room, tall, 5);
  context.fill();
  context.globalAlpha = 1;
  context.fillStyle = looks.colours.surface;
  context.textBaseline = "middle";
  shown.forEach((line, place) => context.fillText(line, left + 7, top + 4 + LINE * (place + 0.5)));
}

/** @param {Scene} scene @param {Hit} hit @returns {string[]} */
function wordsOf(scene, hit) {
  if (hit.kind === "lane") return [];
  const rows = hit.kind === "mark" ? besides(scene, hit) : [hit.row];
  const lines = rows.slice(0, MOST_LINES).map((row) => recordLine(scene, row));
  if (rows.length > lines.length) lines.push(`and ${counted(rows.length - lines.length, "more", "more")}`);
  if (hit.kind === "band") lines.unshift(bandLine(scene, hit));
  return lines;
}

/** The records whose marks are where that one's is, in order. @param {Scene} scene @param {Hit} hit @returns {number[]} */
function besides({ scale, marks, doc }, { row, lane }) {
  const x = scale.x(doc.rows.time[row]);
  const times = marks.times[lane];
  const [first, end] = [lowerBound(times, scale.time(x - SHARED)), upperBound(times, scale.time(x + SHARED))];
  return Array.from(marks.rows[lane].subarray(first, end));
}

/** @param {Scene} scene @param {number} row */
function recordLine({ doc }, row) {
  const { time, seq, lane } = doc.rows;
  const number = seq[row] ? ` #${seq[row]}` : "";
  return `${clock(time[row])}${number}  ${doc.lanes[lane[row]].name}: ${doc.told(row)}`;
}

/** @param {Scene} scene @param {Hit} hit */
function bandLine({ doc }, { lane, track, band }) {
  const { label, state, began, ended } = doc.lanes[lane].tracks[track];
  const length = duration(ended[band] - began[band]);
  return `${label} ${doc.words[state[band]]}: ${clock(began[band])} – ${clock(ended[band])} (${length})`;
}
