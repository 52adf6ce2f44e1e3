// The states of sessions, streams and links as bands.
import { isInSight, laneY, sight, textWidth, FONT } from "./scene.js";
import { upperBound } from "../filtering.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./looks.js").Look} Look */
/** @typedef {import("../document.js").Track} Track */

/** What is narrower than this shares a column with its neighbours. */
const BAND_COLUMN = 1;

/** @typedef {{look: Look, state: string, left: number, right: number, y: number, height: number}} Name */

/** Draws the bands; returns those that are wide enough for their state's name. @param {Scene} scene @returns {Name[]} */
export function drawBands(scene) {
  /** @type {Name[]} */
  const names = [];
  for (const box of scene.layout.boxes) {
    if (!isInSight(scene, box)) continue;
    scene.doc.lanes[box.lane].tracks.forEach((track, place) => {
      const { y, height } = box.tracks[place];
      drawTrack(scene, track, laneY(scene, y), height, names);
    });
  }
  return names;
}

/** @param {Scene} scene @param {Track} track @param {number} y @param {number} height @param {Name[]} names */
function drawTrack(scene, track, y, height, names) {
  const { scale } = scene;
  const [from, to] = sight(scale);
  let band = Math.max(0, upperBound(track.began, from) - 1);
  while (band < track.began.length && track.began[band] <= to) {
    const left = scale.x(track.began[band]);
    const right = scale.x(track.ended[band]);
    if (right - left >= BAND_COLUMN) {
      const look = lookOf(scene, track, band);
      drawBand(scene, look, left, right, y, height);
      if (right - left >= NAMED_FROM) names.push({ look, state: scene.doc.words[track.state[band]], left, right, y, height });
      band++;
    } else band = drawColumn(scene, track, band, left, y, height);
  }
}

/** @param {Scene} scene @param {Track} track @param {number} band */
function lookOf(scene, track, band) {
  return scene.looks.of(track.kind, scene.doc.words[track.state[band]]);
}

/** @param {Scene} scene @param {Look} look @param {number} begin @param {number} end @param {number} y @param {number} height */
function drawBand({ context, width }, look, begin, end, y, height) {
  const left = Math.max(begin, -TUCKED);
  const right = Math.min(end, width + TUCKED);
  context.fillStyle = look.fill;
  context.fillRect(left, y, right - left, height);
  context.strokeStyle = look.line;
  context.lineWidth = 1;
  if (right - left > 3) context.strokeRect(left + 0.5, y + 0.5, right - left - 1, height - 1);
}

/** How far a band that goes on beyond the picture is drawn outside, so that its edge is not seen. */
const TUCKED = 8;

/** No name has room in less. */
const NAMED_FROM = 16;

/** The names of states where they have room, at the beginning of what is in sight. @param {Scene} scene @param {Name[]} names */
export function drawStates(scene, names) {
  const { context, scale, looks } = scene;
  context.textBaseline = "middle";
  for (const { look, state, left, right, y, height } of names) {
    const begin = Math.max(left, scale.left - 8) + 4;
    context.font = height < 16 ? `9px ${FONT}` : `600 11px ${FONT}`;
    const width = textWidth(context, state) + 6;
    if (begin + width > right - 4) continue;
    context.fillStyle = look.plain;
    context.fillRect(begin, y + 1, width, height - 2);
    context.fillStyle = looks.colours.ink;
    context.fillText(state, begin + 3, y + height / 2 + 0.5);
  }
}

/**
 * All bands that begin and end within one column of pixels: the most urgent one is shown, and how many they are is
 * told by how much of the column is filled with its line. Returns the first band after them.
 * @param {Scene} scene @param {Track} track @param {number} first @param {number} left @param {number} y @param {number} height
 */
function drawColumn(scene, track, first, left, y, height) {
  const { context, scale } = scene;
  const until = scale.time(left + BAND_COLUMN);
  let look = lookOf(scene, track, first);
  let band = first + 1;
  while (band < track.began.length && track.ended[band] <= until) {
    const other = lookOf(scene, track, band++);
    if (other.urgency > look.urgency) look = other;
  }
  const filled = Math.min(1, 0.4 + 0.2 * Math.log2(band - first));
  context.fillStyle = look.fill;
  context.fillRect(left, y, 1.5, height);
  context.fillStyle = look.line;
  context.fillRect(left, y + height * (1 - filled), 1.5, height * filled);
  return band;
}
