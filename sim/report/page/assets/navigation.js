// Moving about: to a record, to the next match, nearer and farther.
import { lowerBound, upperBound } from "./filtering.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./filtering.js").Filter} Filter */

/** What a jump shows at most, in microseconds: half of it before the moment. */
const AROUND = 30_000_000;
/** The shortest time that fills the picture. */
const NEAREST = 1_000;

export class Navigation {
  /** @param {Doc} doc @param {Store} store @param {Filter} filter @param {number} ended the end of what can be shown */
  constructor(doc, store, filter, ended = doc.ended) {
    this.doc = doc;
    this.ended = ended;
    this.store = store;
    this.filter = filter;
  }

  /**
   * Selects a record and shows its moment.
   * @param {number} row
   */
  select(row) {
    if (row < 0) {
      this.store.set({ selected: -1 });
      return;
    }
    const time = this.doc.rows.time[row];
    this.store.set({ selected: row, cursor: time, ...this.visibleWith(time) });
  }

  /**
   * Goes to a moment, near enough to see what is around it, and selects the record it is about.
   * @param {number} time @param {number} row
   */
  jump(time, row) {
    const { from, to } = this.store.state;
    const other = row < 0 ? time : this.doc.rows.time[row];
    const span = Math.min(to - from, AROUND + Math.abs(time - other));
    this.store.set({ selected: row, cursor: time, ...this.within((time + other - span) / 2, span) });
  }

  /**
   * Selects the shown record that is so many places from the selected one.
   * @param {number} places
   */
  step(places) {
    const { rows } = this.filter;
    if (!rows.length) return;
    const place = Math.max(0, Math.min(rows.length - 1, this.start(places) + places));
    this.select(rows[place]);
  }

  /** The place to step from; where nothing is selected, beside the cursor. @param {number} places */
  start(places) {
    const { selected, cursor } = this.store.state;
    const { rows } = this.filter;
    const row = selected >= 0 ? selected : lowerBound(this.doc.rows.time, cursor ?? 0);
    const place = lowerBound(rows, row);
    const isOnIt = selected >= 0 && rows[place] === selected;
    return isOnIt || places < 0 ? place : place - 1;
  }

  /** @param {"first" | "last"} end */
  goTo(end) {
    const { rows } = this.filter;
    if (rows.length) this.select(rows[end === "first" ? 0 : rows.length - 1]);
  }

  /**
   * Selects the next match, or the one before; after the last comes the first.
   * @param {1 | -1} direction
   */
  match(direction) {
    const { matches } = this.filter;
    if (!matches.length) return;
    const { selected } = this.store.state;
    const place = direction > 0 ? upperBound(matches, selected) : lowerBound(matches, selected) - 1;
    this.select(matches[(place + matches.length) % matches.length]);
  }

  /**
   * Zooms around the cursor if that is in sight, else around the middle.
   * @param {number} factor above 1 to come nearer
   */
  zoom(factor) {
    const { from, to, cursor } = this.store.state;
    const isSeen = cursor !== null && cursor >= from && cursor <= to;
    const middle = isSeen ? cursor : (from + to) / 2;
    const span = Math.max(NEAREST, (to - from) / factor);
    this.store.set(this.within(middle - ((middle - from) / (to - from || 1)) * span, span));
  }

  fit() {
    const { range } = this.store.state;
    const [from, to] = range ?? [0, this.ended];
    this.store.set({ from, to });
  }

  /** The visible range, moved so far that the moment is in it. @param {number} time */
  visibleWith(time) {
    const { from, to } = this.store.state;
    return time >= from && time <= to ? {} : this.within(time - (to - from) / 2, to - from);
  }

  /** A range of that length that is all in the run. @param {number} from @param {number} span */
  within(from, span) {
    const { ended } = this;
    const length = Math.min(span, ended);
    const start = Math.max(0, Math.min(from, ended - length));
    return { from: start, to: start + length };
  }
}
