// Mouse, touch and wheel: the wheel zooms, a drag moves, a drag with Shift selects a range, a click selects a record.

import { GRIP, thumbOf } from "./gutter.js";

/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {{x: number, y: number}} Point */

/** A press that moves less than this is a click. */
const STILL = 4;
/** How much closer one step of a usual wheel goes. */
const STEP = 1.0018;
const WHEEL_LINE = 16;

export class Pointer {
  /** @param {Picture} picture */
  constructor(picture) {
    this.picture = picture;
    this.canvas = picture.canvas;
    /** Fingers and buttons that are down. @type {Map<number, Point>} */
    this.down = new Map();
    /** Where the press began, and whether it has moved. @type {(Point & {time: number, isRange: boolean, pace: number, hasMoved: boolean}) | null} */
    this.press = null;
    this.canvas.style.touchAction = "none";
    this.listen("pointerdown", (event) => this.begin(event));
    this.listen("pointermove", (event) => this.move(event));
    this.listen("pointerup", (event) => this.end(event));
    this.listen("pointercancel", (event) => this.cancel(event));
    this.listen("pointerleave", () => this.hint(null));
    this.canvas.addEventListener("wheel", (event) => this.turn(event), { passive: false });
  }

  /** @param {"pointerdown" | "pointermove" | "pointerup" | "pointercancel" | "pointerleave"} name @param {(event: PointerEvent) => void} act */
  listen(name, act) {
    this.canvas.addEventListener(name, act);
  }

  /** @param {MouseEvent} event @returns {Point} */
  pointOf(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** The time under a pixel; none is before the run or after it. @param {number} x */
  timeAt(x) {
    const time = Math.round(this.picture.current().scale.time(x));
    return Math.max(0, Math.min(this.picture.doc.ended, time));
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0) return;
    const point = this.pointOf(event);
    this.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, point);
    this.hint(null);
    const isFirst = this.down.size === 1;
    const press = { ...point, time: this.timeAt(point.x), isRange: event.shiftKey, pace: 0, hasMoved: false };
    this.press = isFirst ? press : null;
    if (this.isOnScrollbar(point)) this.grip(press);
  }

  /** @param {Point} point */
  isOnScrollbar({ x }) {
    const scene = this.picture.current();
    return x >= scene.width - GRIP && thumbOf(scene) !== null;
  }

  /** The lanes go with the thumb from now on; it comes to the pointer if it is elsewhere. @param {Point & {pace: number, hasMoved: boolean}} press */
  grip(press) {
    const thumb = thumbOf(this.picture.current());
    if (!thumb) return;
    Object.assign(press, { pace: thumb.pace, hasMoved: true });
    const isBeside = press.y < thumb.y || press.y > thumb.y + thumb.length;
    if (isBeside) this.picture.scrollBy((press.y - thumb.y - thumb.length / 2) * thumb.pace);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const point = this.pointOf(event);
    const last = this.down.get(event.pointerId);
    if (!last) {
      this.hint(point);
      return;
    }
    if (this.down.size > 1) this.pinch(event.pointerId, point);
    else this.drag(last, point);
  }

  /** @param {Point} last @param {Point} point */
  drag(last, point) {
    const { press } = this;
    if (!press) return;
    if (!press.hasMoved && Math.hypot(point.x - press.x, point.y - press.y) < STILL) return;
    press.hasMoved = true;
    if (press.pace) this.picture.scrollBy((point.y - last.y) * press.pace);
    else if (press.isRange) this.selectRange(press.time, this.timeAt(point.x));
    else {
      this.picture.pan(last.x - point.x);
      if (point.y !== last.y) this.picture.scrollBy(last.y - point.y);
    }
    Object.assign(last, point);
  }

  /** @param {number} one @param {number} other moments */
  selectRange(one, other) {
    this.picture.store.set({ range: [Math.min(one, other), Math.max(one, other)] });
  }

  /** Two fingers: what was under them stays under them. @param {number} finger @param {Point} point */
  pinch(finger, point) {
    const other = [...this.down].find(([each]) => each !== finger);
    const last = this.down.get(finger);
    if (!other || !last) return;
    const [before, after] = [Math.abs(last.x - other[1].x), Math.abs(point.x - other[1].x)];
    if (before > 8 && after > 8) this.picture.zoom(after / before, other[1].x);
    Object.assign(last, point);
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (!this.down.delete(event.pointerId)) return;
    const { press } = this;
    this.press = null;
    if (!press || press.hasMoved) return;
    if (press.isRange) this.picture.store.set({ range: null });
    else this.click(press, event);
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    this.down.delete(event.pointerId);
    this.press = null;
  }

  /** With Ctrl, Alt or Cmd a second moment is marked. @param {Point & {time: number}} press @param {PointerEvent} event */
  click({ x, y, time }, event) {
    const { store, doc } = this.picture;
    const row = this.picture.at(x, y)?.row ?? -1;
    if (event.ctrlKey || event.altKey || event.metaKey) store.set({ mark: time });
    else store.set({ selected: row, cursor: this.isOnMark(x, y) ? doc.rows.time[row] : time });
  }

  /** @param {number} x @param {number} y */
  isOnMark(x, y) {
    return this.picture.at(x, y)?.kind === "mark";
  }

  /** @param {WheelEvent} event */
  turn(event) {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : WHEEL_LINE;
    const [across, down] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey || Math.abs(across) > Math.abs(down)) this.picture.pan(across || down);
    else this.picture.zoom(STEP ** -down, this.pointOf(event).x);
  }

  /** Says what is under the pointer, or nothing. @param {Point | null} point */
  hint(point) {
    const { picture } = this;
    const found = point && picture.at(point.x, point.y);
    const hadHint = picture.hint !== null;
    const isOnBar = point !== null && this.isOnScrollbar(point);
    picture.hint = point && !isOnBar && found && found.kind !== "lane" ? { ...point, hit: found } : null;
    this.canvas.style.cursor = isOnBar ? "default" : found && found.row >= 0 ? "pointer" : "grab";
    if (picture.hint || hadHint) picture.redrawOver();
  }
}
