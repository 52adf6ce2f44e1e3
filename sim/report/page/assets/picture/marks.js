// Records as marks over their lane, with their names where there is room. What falls together is counted.
import { isInSight, laneY, sight, textWidth, FONT } from "./scene.js";
import { lowerBound } from "../filtering.js";
import { markLine, NAME } from "./layout.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").LaneBox} LaneBox */
/** @typedef {import("./scene.js").State} State */
/** @typedef {import("../document.js").Doc} Doc */

/**
 * @typedef {object} Marks
 * @property {Int32Array[]} rows of each lane, in order; those of hidden kinds left out
 * @property {Float64Array[]} times of the same
 * @property {Uint8Array} weights of each row: what is drawn and named first
 * @property {Set<number>} findings rows
 */

/** @typedef {{x: number, row: number, count: number, isHit: boolean, isAlone: boolean}} Group */

/** Marks that are closer than so many pixels are one. */
const MARK_COLUMN = 3;

/** Kind of record -> how much it says to a reader. What is below NAMED is not named. @type {Record<string, number>} */
const WEIGHTS = { message: 0, state: 1, callback: 1, call: 2, quirk: 3, decision: 4, event: 5, fault: 6 };
/** How a session goes says more than what is in it, and its end most; that a fault is over, less than that it began. */
const [SESSION, SESSION_END] = [7, 8];
const OVER_AGAIN = 3;
const FINDING = 9;
const NAMED = 2;

/** @param {Doc} doc @param {Set<number>} hidden kinds, as words @returns {Marks} */
export function indexMarks({ rows, words, lanes, findings }, hidden) {
  const weights = Uint8Array.from(rows.kind, (_, row) => weightOf({ rows, words, lanes }, row));
  const blamed = new Set(findings.map(({ row }) => row).filter((row) => row >= 0));
  for (const row of blamed) weights[row] = FINDING;
  /** @type {number[][]} */
  const of = lanes.map(() => []);
  for (let row = 0; row < rows.count; row++) {
    if (!hidden.has(rows.kind[row])) of[rows.lane[row]]?.push(row);
  }
  const sorted = of.map((list) => Int32Array.from(list));
  const times = sorted.map((list) => Float64Array.from(list, (row) => rows.time[row]));
  return { rows: sorted, times, weights, findings: blamed };
}

/** @param {Scene} scene @param {Int32Array | null} matches the rows that are searched for, if any are */
export function drawMarks(scene, matches) {
  const hits = matches && flagged(matches, scene.doc.rows.count);
  for (const box of scene.layout.boxes) {
    if (!isInSight(scene, box)) continue;
    const groups = groupsOf(scene, box.lane, hits);
    for (const group of groups) drawGroup(scene, box, group, hits !== null);
    drawNames(scene, box, hits ? groups.filter(({ isHit }) => isHit) : groups);
  }
}

/** @param {Pick<Doc, "rows" | "words" | "lanes">} doc @param {number} row */
function weightOf({ rows, words, lanes }, row) {
  const [kind, name] = [words[rows.kind[row]], words[rows.name[row]]];
  if (kind === "event" && name.startsWith("session")) return name === "sessionDisconnected" ? SESSION_END : SESSION;
  if (kind === "fault" && name === "up") return OVER_AGAIN;
  const weight = WEIGHTS[kind] ?? 1;
  return kind === "state" && lanes[rows.lane[row]]?.platform ? NAMED : weight;
}

/** @param {Int32Array} rows @param {number} count */
function flagged(rows, count) {
  const flags = new Uint8Array(count);
  for (const row of rows) flags[row] = 1;
  return flags;
}

/**
 * The marks of a lane in sight: rows that fall into one column are one, told by the weightiest.
 * @param {Scene} scene @param {number} lane @param {Uint8Array | null} hits @returns {Group[]}
 */
function groupsOf({ doc: { alone }, scale, marks }, lane, hits) {
  const [rows, times] = [marks.rows[lane], marks.times[lane]];
  const [from, to] = sight(scale);
  const groups = [];
  let place = lowerBound(times, from);
  while (place < rows.length && times[place] <= to) {
    const x = scale.x(times[place]);
    const until = scale.time(x + MARK_COLUMN);
    const first = place;
    let best = rows[place];
    let [isHit, isAlone] = [false, false];
    do {
      const row = rows[place++];
      const hit = hits !== null && hits[row] === 1;
      if (hit === isHit ? marks.weights[row] > marks.weights[best] : hit) best = row;
      isHit ||= hit;
      isAlone ||= alone !== null && alone[row] === 1;
    } while (place < rows.length && times[place] < until);
    groups.push({ x, row: best, count: place - first, isHit, isAlone });
  }
  return groups;
}

/** @param {Scene} scene @param {LaneBox} box @param {Group} group @param {boolean} isSearching */
function drawGroup(scene, box, { x, row, count, isHit, isAlone }, isSearching) {
  const { context, doc, looks, marks } = scene;
  const y = laneY(scene, markLine(box));
  const { colours } = looks;
  context.globalAlpha = isSearching && !isHit ? 0.25 : 1;
  if (count > 1) drawDensity(scene, x, y, count);
  const kind = doc.words[doc.rows.kind[row]];
  context.fillStyle = context.strokeStyle = isHit ? colours.accent : inkOf(scene, kind);
  context.lineWidth = 1.5;
  context.beginPath();
  (SHAPES[kind] ?? SHAPES.state)(context, x, y);
  if (OPEN.has(kind)) context.stroke();
  else context.fill();
  if (isAlone) underline(scene, x, y);
  if (marks.findings.has(row)) ring(context, x, y, colours.hues.broken.line);
  context.globalAlpha = 1;
}

/** A bar behind the mark, the longer the more it stands for. @param {Scene} scene @param {number} x @param {number} y @param {number} count */
function drawDensity({ context, looks }, x, y, count) {
  const height = Math.min(6.5, 2 + 1.2 * Math.log2(count));
  context.fillStyle = looks.colours.arrow;
  context.fillRect(x - 1, y - height, 2, 2 * height);
}

/** What only this run has, of two. @param {Scene} scene @param {number} x @param {number} y */
function underline({ context, looks }, x, y) {
  context.fillStyle = looks.colours.second;
  context.fillRect(x - 4, y + 5, 8, 2);
}

/** @param {Scene} scene @param {string} kind */
function inkOf({ looks: { colours } }, kind) {
  const hue = INKS[kind];
  return hue ? colours.hues[hue].line : kind === "event" ? colours.ink : colours.arrow;
}

/** @type {Record<string, import("./looks.js").HueName>} */
const INKS = { fault: "broken", decision: "moving", quirk: "trouble", call: "busy", callback: "busy", state: "gone" };
const OPEN = new Set(["callback", "quirk"]);

/** A shape for each kind. @type {Record<string, (context: CanvasRenderingContext2D, x: number, y: number) => void>} */
const SHAPES = {
  event: (context, x, y) => context.arc(x, y, 3.2, 0, 2 * Math.PI),
  callback: (context, x, y) => context.arc(x, y, 2.6, 0, 2 * Math.PI),
  call: (context, x, y) => polygon(context, [x - 2.5, y - 4, x + 4, y, x - 2.5, y + 4]),
  decision: (context, x, y) => context.rect(x - 3, y - 3, 6, 6),
  fault: (context, x, y) => polygon(context, [x, y - 5, x + 5, y, x, y + 5, x - 5, y]),
  quirk: (context, x, y) => polygon(context, [x, y - 4, x + 4, y + 3, x - 4, y + 3]),
  state: (context, x, y) => context.rect(x - 0.75, y - 3, 1.5, 6),
  message: (context, x, y) => context.rect(x - 0.5, y - 1.5, 1, 3),
};

/** @param {CanvasRenderingContext2D} context @param {number[]} corners x and y of each */
function polygon(context, corners) {
  for (let corner = 0; corner < corners.length; corner += 2) context.lineTo(corners[corner], corners[corner + 1]);
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {string} colour */
export function ring(context, x, y, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.stroke();
}

/** Names above the marks, the weightiest first, each in the lowest row that has room. @param {Scene} scene @param {LaneBox} box @param {Group[]} groups */
function drawNames(scene, box, groups) {
  const { context, layout, marks, looks, width } = scene;
  const levels = Array.from({ length: layout.levels }, () => new Uint8Array(Math.ceil(width) + 1));
  const named = groups.filter(({ row }) => marks.weights[row] >= NAMED && !scene.titled.has(row));
  named.sort((one, other) => marks.weights[other.row] - marks.weights[one.row] || one.x - other.x);
  const bottom = laneY(scene, box.marks.y) + layout.levels * NAME;
  const ground = layout.boxes.indexOf(box) % 2 ? looks.colours.surface : looks.colours.stripe;
  context.font = `11px ${FONT}`;
  context.textBaseline = "bottom";
  for (const group of named) {
    const text = nameOf(scene, group);
    const left = Math.max(0, Math.round(group.x) + 2);
    const right = left + Math.ceil(textWidth(context, text)) + 6;
    const level = right > width ? -1 : levels.findIndex((taken) => isFree(taken, left, right));
    if (level < 0) continue;
    levels[level].fill(1, left, right);
    const kind = scene.doc.words[scene.doc.rows.kind[group.row]];
    context.fillStyle = ground;
    context.globalAlpha = 0.75;
    context.fillRect(left - 1, bottom - (level + 1) * NAME + 1, right - left - 3, NAME - 1);
    context.globalAlpha = 1;
    context.fillStyle = kind === "fault" || marks.findings.has(group.row) ? looks.colours.hues.broken.line : looks.colours.ink;
    context.fillText(text, left, bottom - level * NAME + 1);
  }
}

/** @param {Uint8Array} taken @param {number} left @param {number} right */
function isFree(taken, left, right) {
  for (let x = left; x < right; x++) if (taken[x]) return false;
  return true;
}

/** What a record is called in the picture, and how many more its mark stands for. @param {Scene} scene @param {Group} group */
function nameOf({ doc }, { row, count }) {
  const { rows, words, lanes } = doc;
  const [object, name] = [words[rows.object[row]], words[rows.name[row]]];
  const whose = lanes[rows.lane[row]].platform ? words[rows.client[row]] : object === "session" ? "" : object;
  const text = whose ? `${whose} ${name}` : name;
  return count > 1 ? `${text} +${count - 1}` : text;
}
