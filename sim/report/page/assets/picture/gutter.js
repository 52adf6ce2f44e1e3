// The names of lanes and of their tracks, left of the plot, and the stripes behind the lanes.
import { fitted, isInSight, laneY, FONT, MARGIN } from "./scene.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./scene.js").LaneBox} LaneBox */

const INSET = 10;

/** @param {Scene} scene */
export function drawStripes(scene) {
  const { context, looks, layout, width, height, top } = scene;
  context.fillStyle = looks.colours.surface;
  context.fillRect(0, top, width, height - top);
  layout.boxes.forEach((box, place) => {
    if (!isInSight(scene, box)) return;
    const y = laneY(scene, box.y);
    context.fillStyle = looks.colours.stripe;
    if (place % 2 === 0) context.fillRect(0, y, width, box.height);
    context.fillStyle = looks.colours.rule;
    context.fillRect(0, y + box.height - 1, width, 1);
  });
}

/** @param {Scene} scene */
export function drawGutter(scene) {
  const { context, looks, scale, height, top } = scene;
  context.save();
  context.beginPath();
  context.rect(0, top, scale.left - MARGIN, height - top);
  context.clip();
  for (const box of scene.layout.boxes) if (isInSight(scene, box)) drawLaneNames(scene, box);
  context.restore();
  context.fillStyle = looks.colours.rule;
  context.fillRect(scale.left - MARGIN - 1, 0, 1, height);
}

/** @param {Scene} scene @param {LaneBox} box */
function drawLaneNames(scene, box) {
  const { context, doc, looks, scale } = scene;
  const lane = doc.lanes[box.lane];
  const room = scale.left - MARGIN - 2 * INSET;
  context.textBaseline = "middle";
  context.fillStyle = looks.colours.ink;
  context.font = `600 13px ${FONT}`;
  const y = laneY(scene, box.marks.y);
  context.fillText(fitted(context, lane.name, room), INSET, y + 7);
  context.fillStyle = looks.colours.muted;
  context.font = `11px ${FONT}`;
  if (!lane.platform) context.fillText(fitted(context, lane.role, room), INSET, y + 21);
  context.font = `10px ${FONT}`;
  lane.tracks.forEach(({ label }, place) => {
    const track = box.tracks[place];
    context.fillText(fitted(context, label, room - 8), INSET + 8, laneY(scene, track.y) + track.height / 2 + 0.5);
  });
}

/** Pixels at the right edge in which the scrollbar is taken hold of, and how short its thumb is at least. */
export const GRIP = 12;
const SHORTEST = 24;

/**
 * The thumb of the scrollbar, where the lanes are taller than the picture: its top in the picture, its height,
 * and how far the lanes go with a pixel of it. @param {Scene} scene
 */
export function thumbOf({ layout, height, top, scroll }) {
  const room = height - top;
  if (layout.height <= room) return null;
  const length = Math.min(room, Math.max(SHORTEST, (room / layout.height) * room));
  const pace = (layout.height - room) / Math.max(1, room - length);
  return { y: top + scroll / pace, length, pace };
}

/** How far the lanes are scrolled. @param {Scene} scene */
export function drawScrollbar(scene) {
  const thumb = thumbOf(scene);
  if (!thumb) return;
  const { context, looks, width } = scene;
  context.fillStyle = looks.colours.muted;
  context.globalAlpha = 0.5;
  context.beginPath();
  context.roundRect(width - 7, thumb.y + 1, 5, thumb.length - 2, 2.5);
  context.fill();
  context.globalAlpha = 1;
}
