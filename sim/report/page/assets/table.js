// The table of events: as long as the run, and no more rows in the page than can be seen.
import { byId, element, fill, oncePerFrame } from "./elements.js";
import { lowerBound } from "./filtering.js";
import { clock, counted } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./filtering.js").Filter} Filter */

const HEIGHT = 27;
const SPARE = 12;
/** Browsers do not scroll farther than some 16 million pixels: a longer table scrolls in larger steps. */
const TALLEST = 12_000_000;

export class EventTable {
  /**
   * @param {Doc} doc @param {Store} store @param {Filter} filter
   * @param {import("./navigation.js").Navigation} navigation
   */
  constructor(doc, store, filter, navigation) {
    this.doc = doc;
    this.store = store;
    this.filter = filter;
    this.navigation = navigation;
    this.box = byId("table-box");
    this.before = byId("table-before");
    this.after = byId("table-after");
    this.table = byId("table");
    this.body = byId("table-body");
    /** Pixels of all rows. */
    this.height = 0;
    this.draw = oncePerFrame(() => this.render());
    this.box.addEventListener("scroll", this.draw);
    new ResizeObserver(this.draw).observe(this.box);
    this.body.addEventListener("click", (event) => this.click(event));
    this.listen(store);
    this.measure();
  }

  /** @param {Store} store */
  listen(store) {
    /** @type {(keys: import("./store.js").Key[], act: () => void) => void} */
    const on = (keys, act) => store.on(keys, () => this.store === store && act());
    on(["people", "kinds", "range", "search"], () => this.measure());
    on(["selected"], () => this.reveal());
    on(["cursor"], () => this.follow());
  }

  /** Shows another run from now on. @param {import("./sides.js").Side} side */
  turn({ doc, store, filter, navigation }) {
    Object.assign(this, { doc, store, filter, navigation });
    this.measure();
    this.follow();
  }

  /** Takes in how many rows there are. */
  measure() {
    const { rows, matches } = this.filter;
    this.height = Math.min(rows.length * HEIGHT, TALLEST);
    this.box.style.height = `min(26rem, ${this.height + 3 * HEIGHT}px)`;
    this.table.setAttribute("aria-rowcount", String(rows.length + 1));
    const hidden = this.doc.rows.count - rows.length;
    const parts = [counted(rows.length, "event")];
    if (hidden) parts.push(`${hidden.toLocaleString("en")} hidden by filters`);
    fill(byId("table-note"), parts.join(", "));
    const isSearched = this.store.state.search.trim() !== "";
    fill(byId("search-note"), isSearched ? counted(matches.length, "match", "matches") : "");
    this.reveal();
  }

  /** The number of rows that fit. */
  get room() {
    return Math.max(1, Math.floor(this.box.clientHeight / HEIGHT) - 1);
  }

  /** How far the box scrolls: all rows and the head, but for what fits. */
  get farthest() {
    return Math.max(1, this.height + HEIGHT - this.box.clientHeight);
  }

  /** The first row in sight. */
  get top() {
    const last = Math.max(0, this.filter.rows.length - this.room);
    return this.height < TALLEST
      ? this.box.scrollTop / HEIGHT
      : Math.min(last, (this.box.scrollTop / this.farthest) * last);
  }

  /** @param {number} place */
  scrollTo(place) {
    const last = Math.max(1, this.filter.rows.length - this.room);
    this.box.scrollTop = this.height < TALLEST ? place * HEIGHT : (place / last) * this.farthest;
  }

  /** Scrolls so far that the selected row is in sight. */
  reveal() {
    const { selected } = this.store.state;
    const place = lowerBound(this.filter.rows, selected);
    if (selected >= 0 && this.filter.rows[place] === selected) this.show(place);
    this.draw();
  }

  /** Without a selected row, the cursor's moment is in sight. */
  follow() {
    const { cursor, selected } = this.store.state;
    if (cursor === null || selected >= 0) return;
    const row = lowerBound(this.doc.rows.time, cursor);
    this.show(lowerBound(this.filter.rows, row));
    this.draw();
  }

  /** @param {number} place */
  show(place) {
    const { top, room } = this;
    if (place < top || place > top + room - 1) this.scrollTo(Math.max(0, place - Math.floor(room / 3)));
  }

  render() {
    const { rows } = this.filter;
    const top = Math.floor(this.top);
    const first = Math.max(0, top - SPARE);
    const last = Math.min(rows.length, top + this.room + 2 + SPARE);
    const offset = this.height < TALLEST ? first * HEIGHT : Math.max(0, this.box.scrollTop - (top - first) * HEIGHT);
    const { selected, search } = this.store.state;
    const matches = search.trim() ? new Set(this.filter.matches.subarray(...this.span(first, last))) : null;
    const made = [];
    for (let place = first; place < last; place++) made.push(this.line(place, rows[place], matches));
    fill(this.body, ...made);
    this.before.style.height = `${offset}px`;
    this.after.style.height = `${Math.max(0, this.height - offset - made.length * HEIGHT)}px`;
    const isSeen = made.some((line) => Number(line.dataset.row) === selected);
    if (isSeen) this.table.setAttribute("aria-activedescendant", `event-${selected}`);
    else this.table.removeAttribute("aria-activedescendant");
  }

  /** The matches among those rows: from which to which. @param {number} first @param {number} last @returns {[number, number]} */
  span(first, last) {
    const { rows, matches } = this.filter;
    return [lowerBound(matches, rows[first] ?? 0), lowerBound(matches, (rows[last - 1] ?? -1) + 1)];
  }

  /** @param {number} place @param {number} row @param {Set<number> | null} matches */
  line(place, row, matches) {
    const { rows, words } = this.doc;
    const kind = words[rows.kind[row]];
    const told = this.doc.told(row);
    const isAlone = this.doc.alone !== null && this.doc.alone[row] === 1;
    const attributes = {
      id: `event-${row}`,
      "data-row": row,
      "aria-rowindex": place + 2,
      "aria-selected": row === this.store.state.selected ? "true" : "false",
      class: [`kind-${KINDS.has(kind) ? kind : "other"}`, rows.seq[row] ? "" : "finer", matches?.has(row) ? "match" : ""]
        .join(" ")
        .trim(),
    };
    return element(
      "tr",
      attributes,
      element("td", { class: "time" }, clock(rows.time[row])),
      element("td", { class: "number" }, rows.seq[row] ? `#${rows.seq[row]}` : ""),
      element("td", { class: "who" }, words[rows.client[row]] || "–"),
      element("td", { class: "kind" }, kind),
      element("td", { class: "told", title: told }, isAlone && element("span", { class: "alone" }, "only here"), told),
    );
  }

  /** @param {Event} event */
  click(event) {
    const line = event.target instanceof Element ? event.target.closest("tr") : null;
    if (line) this.navigation.select(Number(line.dataset.row));
  }
}

const KINDS = new Set(["event", "call", "callback", "fault", "decision", "state", "message", "quirk"]);
