// Faults and outages, shaded over their lane from their beginning to their end.
import { isInSight, laneY, sight, textWidth, FONT } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").LaneBox} LaneBox */

/** The least width, so that a fault of a moment is seen. */
const LEAST = 2;

/** @param {Scene} scene */
export function drawShades(scene) {
  const { doc, scale } = scene;
  const { began, ended, lane, label, row } = doc.shades;
  const [from, to] = sight(scale);
  for (let shade = 0; shade < began.length && began[shade] <= to; shade++) {
    const box = scene.layout.of[lane[shade]];
    if (!box || ended[shade] < from || !isInSight(scene, box)) continue;
    const left = Math.max(scale.x(began[shade]), 0);
    const right = Math.min(scale.x(ended[shade]), scene.width);
    const y = laneY(scene, box.y);
    const isNamed = drawShade(scene, left, Math.max(LEAST, right - left), y, box, doc.words[label[shade]]);
    if (isNamed) scene.titled.add(row[shade]);
  }
}

/** Returns whether there was room for its name. @param {Scene} scene @param {number} left @param {number} width @param {number} y @param {LaneBox} box @param {string} label */
function drawShade(scene, left, width, y, box, label) {
  const { context, looks, scale } = scene;
  context.fillStyle = looks.colours.shade;
  context.fillRect(left, y + 1, width, box.height - 1);
  context.fillStyle = looks.colours.hues.broken.line;
  context.fillRect(left, y + 1, width, 2);
  const begin = Math.max(left, scale.left - 8) + 4;
  context.font = `600 10px ${FONT}`;
  if (begin + textWidth(context, label) > left + width - 2) return false;
  context.textBaseline = "middle";
  context.fillText(label, begin, laneY(scene, box.faults.y + box.faults.height / 2) + 0.5);
  return true;
}
