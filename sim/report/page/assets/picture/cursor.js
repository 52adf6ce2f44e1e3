// The moment that is looked at, a second one to compare it with, the range that is selected, and findings' moments.
import { clock } from "../wording.js";
import { clearLabels, LENGTHS, TICKS } from "./axis.js";
import { roundDuration, textWidth, FONT, MARGIN } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */

/** A veil over what is outside the selected range. @param {Scene} scene */
export function drawRange(scene) {
  const { context, state, scale, looks, top, width, height } = scene;
  if (!state.range) return;
  const edge = scale.left - MARGIN;
  const [left, right] = state.range.map((time) => Math.max(edge, Math.min(width, scale.x(time))));
  context.fillStyle = looks.colours.surface;
  context.globalAlpha = 0.65;
  context.fillRect(edge, top, left - edge, height - top);
  context.fillRect(right, top, width - right, height - top);
  context.globalAlpha = 1;
  context.fillStyle = looks.colours.accent;
  context.fillRect(left, top - 3, right - left, 3);
  context.fillRect(left, top, 1, height - top);
  context.fillRect(right - 1, top, 1, height - top);
}

/** @param {Scene} scene */
export function drawCursors(scene) {
  const { state, looks, top } = scene;
  drawFindings(scene);
  if (state.mark !== null) drawMoment(scene, state.mark, looks.colours.second, [5, 3], fromCursor(state), top - LENGTHS);
  if (state.cursor !== null) drawMoment(scene, state.cursor, looks.colours.accent, [], "", top - TICKS);
}

/** How far the second moment is from the first. @param {Scene["state"]} state */
function fromCursor({ mark, cursor }) {
  if (mark === null || cursor === null) return "";
  return ` (${mark < cursor ? "−" : "+"}${roundDuration(Math.abs(mark - cursor))})`;
}

/** @param {Scene} scene @param {number} time @param {string} colour @param {number[]} dashes @param {string} more @param {number} y of its label */
function drawMoment(scene, time, colour, dashes, more, y) {
  const { context, scale, looks, width, height } = scene;
  const x = scale.x(time);
  if (x < scale.left - MARGIN || x > width) return;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(x, y + 6);
  context.lineTo(x, height);
  context.stroke();
  context.setLineDash([]);
  const text = clock(time) + more;
  context.font = `600 11px ${FONT}`;
  const room = textWidth(context, text) + 10;
  const left = Math.max(scale.left - MARGIN, Math.min(x - room / 2, width - room - 1));
  clearLabels(scene, left - 3, left + room + 3, y);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(left, y - 8.5, room, 16, 4);
  context.fill();
  context.fillStyle = looks.colours.surface;
  context.textBaseline = "middle";
  context.fillText(text, left + 5, y);
}

/** A flag on the axis for each finding in sight. @param {Scene} scene */
function drawFindings(scene) {
  const { context, doc, scale, looks, top, width } = scene;
  for (const { time, expected } of doc.findings) {
    const x = scale.x(time);
    if (x < scale.left - MARGIN || x > width) continue;
    context.fillStyle = expected ? looks.colours.muted : looks.colours.hues.broken.line;
    context.beginPath();
    context.moveTo(x - 5, top - 8);
    context.lineTo(x + 5, top - 8);
    context.lineTo(x, top - 1);
    context.fill();
  }
}
