// The table of design points: which metrics are shown, in which order, and how many of them at once.
import { byId, element, fill } from "../elements.js";
import { showMenu } from "../menus.js";
import { counted } from "../wording.js";
import { factsOf, metricsOf } from "./columns.js";

/** @typedef {import("./document.js").Sweep} Sweep */
/** @typedef {import("./document.js").Point} Point */
/** @typedef {import("./columns.js").Column} Column */

/** So many points are shown at once, and so many more each time. */
const ROWS_AT_ONCE = 200;

export class PointTable {
  /** @param {Sweep} doc */
  constructor(doc) {
    this.doc = doc;
    this.facts = factsOf(doc);
    this.metrics = metricsOf(doc);
    /** The metrics that are not shown, by their places. @type {ReadonlySet<number>} */
    this.hidden = this.alike = alike(doc);
    /** By what it is sorted: the name of a column. */
    this.by = "Point";
    this.isFalling = false;
    this.most = ROWS_AT_ONCE;
    /** @type {(() => void)[]} */
    this.drawn = [];
    byId("points-more").addEventListener("click", () => this.set({ most: this.most + ROWS_AT_ONCE }));
    const choices = doc.metrics.map(({ name }, id) => ({ id, label: name }));
    showMenu("metrics-menu", "Metrics", choices, {
      get: () => this.hidden,
      set: (hidden) => this.set({ hidden }),
      on: (draw) => this.drawn.push(draw),
    });
    this.draw();
  }

  /** @param {Partial<Pick<PointTable, "hidden" | "by" | "isFalling" | "most">>} changes */
  set(changes) {
    Object.assign(this, changes);
    for (const draw of this.drawn) draw();
    this.draw();
  }

  /** What is shown. @returns {Column[]} */
  get columns() {
    return [...this.facts, ...this.metrics.filter((_, place) => !this.hidden.has(place))];
  }

  /** The points in their order. */
  get points() {
    const column = this.columns.find(({ name }) => name === this.by);
    return column ? inOrder(this.doc.points, column, this.isFalling) : this.doc.points;
  }

  draw() {
    const { points, columns, most } = this;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.column : undefined;
    fill(byId("points-head"), ...columns.map((column) => this.head(column)));
    fill(byId("points-body"), ...points.slice(0, most).map((point) => lineOf(point, columns)));
    const again = Array.from(byId("points-head").querySelectorAll("button"));
    if (focused !== undefined) again.find((button) => button.dataset.column === focused)?.focus();
    const left = points.length - most;
    byId("points-more").hidden = left <= 0;
    fill(byId("points-more"), `Show ${Math.min(left, ROWS_AT_ONCE)} more of ${points.length.toLocaleString("en")} points`);
    fill(byId("points-note"), this.note);
  }

  /** What is shown, and what is not. */
  get note() {
    const parts = [counted(this.doc.points.length, "point")];
    if (this.hidden.size && this.doc.points.length > 1) {
      const why = this.hidden === this.alike ? ": they are the same at every point, or not known" : "";
      parts.push(`${this.hidden.size} of ${counted(this.metrics.length, "metric")} not shown${why}`);
    }
    return parts.join("; ");
  }

  /** @param {Column} column */
  head(column) {
    const isBy = column.name === this.by;
    const sort = () => this.set({ by: column.name, isFalling: isBy ? !this.isFalling : column.kind === "metric" || column.kind === "breaks" });
    return element(
      "th",
      { scope: "col", class: column.kind, "aria-sort": isBy ? (this.isFalling ? "descending" : "ascending") : "none" },
      element("button", { type: "button", class: "sort", "data-column": column.name, title: column.title, click: sort }, ...breakable(column.name)),
      column.below ? element("span", { class: "scale" }, column.below) : null,
    );
  }
}

/** A path may be broken after its dots. @param {string} name */
function breakable(name) {
  return name.split(/(?<=\.)/).flatMap((part, place) => (place ? [element("wbr"), part] : [part]));
}

/** @param {Point} point @param {Column[]} columns */
export function lineOf(point, columns) {
  const [first, ...rest] = columns;
  return element(
    "tr",
    { class: point.failed ? "broken" : "held", "data-point": point.number },
    element("th", { scope: "row", class: first.kind }, ...first.cell(point)),
    ...rest.map((column) => element("td", { class: column.kind }, ...column.cell(point))),
  );
}

/** The metrics that tell no point from another, unless none does: of one point, they have a table of their own. @param {Sweep} doc */
function alike({ metrics, points }) {
  if (points.length === 1) return new Set(metrics.keys());
  const same = metrics.flatMap((_, place) => {
    const [first, ...others] = points.map(({ cells }) => cells[place].estimate);
    return others.every((each) => Object.is(each, first)) ? [place] : [];
  });
  return new Set(same.length < metrics.length ? same : []);
}

/** @param {Point[]} points @param {Column} column @param {boolean} isFalling what has no value comes last, either way */
function inOrder(points, { value }, isFalling) {
  const sign = isFalling ? -1 : 1;
  const known = (/** @type {number | string} */ each) => !Number.isNaN(each);
  return points
    .map((point) => ({ point, key: value(point) }))
    .sort((one, other) => {
      if (!known(one.key) || !known(other.key)) return Number(known(other.key)) - Number(known(one.key));
      if (one.key === other.key) return one.point.number - other.point.number;
      return sign * (isLess(one.key, other.key) ? -1 : 1);
    })
    .map(({ point }) => point);
}

/** Numbers before words. @param {number | string} one @param {number | string} other */
function isLess(one, other) {
  if (typeof one !== typeof other) return typeof one === "number";
  return one < other;
}
