// The columns of the table of design points: what their heads and cells show, and by what they sort.
import { element } from "../elements.js";
import { counted } from "../wording.js";
import { addressOf } from "./document.js";
import { bar, endsOf, estimateOf, limitsOf, scaleOf } from "./intervals.js";

/** @typedef {import("./document.js").Sweep} Sweep */
/** @typedef {import("./document.js").Point} Point */

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} title what it means, or ""
 * @property {string} below a second line of its head, or ""
 * @property {string} kind a class of its cells
 * @property {(point: Point) => number | string} value what it is sorted by; NaN comes last
 * @property {(point: Point) => (Node | string | null)[]} cell
 */

/** The columns that are always there. @param {Sweep} doc @returns {Column[]} */
export function factsOf(doc) {
  /** @type {Column[]} */
  const paths = doc.paths.map((path, place) => ({
    name: path,
    title: "",
    below: "",
    kind: "value",
    value: ({ values }) => sorted(values[place]),
    cell: ({ values }) => [values[place] ?? "–"],
  }));
  return [
    column("Point", "point", ({ number }) => number),
    ...paths,
    column("Runs", "count", ({ runs }) => runs),
    { ...column("Broken runs", "breaks", ({ failed }) => failed), cell: (point) => broken(doc, point) },
  ];
}

/** @param {string} name @param {string} kind @param {(point: Point) => number} value @returns {Column} */
function column(name, kind, value) {
  return { name, title: "", below: "", kind, value, cell: (point) => [value(point).toLocaleString("en")] };
}

/** The metrics, each a column. @param {Sweep} doc @returns {Column[]} */
export function metricsOf(doc) {
  return doc.metrics.map((metric, place) => {
    const scale = scaleOf(doc.points.map(({ cells }) => cells[place]), metric);
    return {
      name: metric.name,
      title: metric.definition.replaceAll("`", ""),
      below: scale ? endsOf(scale, metric) : "not known",
      kind: "metric",
      value: ({ cells }) => cells[place].estimate,
      cell: ({ cells }) => [
        element("span", { class: "estimate" }, estimateOf(cells[place], metric)),
        " ",
        element("span", { class: "limits" }, limitsOf(cells[place])),
        scale && !Number.isNaN(cells[place].estimate) ? bar(cells[place], scale) : null,
      ],
    };
  });
}

/** In how many runs something broke, which laws, and the way to the worst of them. @param {Sweep} doc @param {Point} point */
function broken(doc, point) {
  const worst = doc.worst.find((run) => run.broken && run.shown && run.point === point.number);
  const count = point.failed.toLocaleString("en");
  return [
    worst ? element("a", { href: addressOf(worst), title: "Show the worst of them" }, count) : count,
    ...point.breaks.map(({ law, count, expected }) =>
      element("span", { class: expected ? "law expected" : "law" }, `${law} ${counted(count, "time")}${expected ? ", expected" : ""}`),
    ),
  ];
}

/** A duration or a number by its size, anything else as it is written. @param {string | null} value */
function sorted(value) {
  if (value === null) return NaN;
  return sizeOf(value) ?? value;
}

const SIZES = new Map([["us", 1e-6], ["ms", 1e-3], ["s", 1], ["min", 60], ["h", 3600], ["d", 86400], ["%", 0.01], ["", 1]]);
const PART = /^\s*(-?[0-9]+(?:\.[0-9]*)?(?:e[-+]?[0-9]+)?)\s*(us|ms|s|min|h|d|%|)(?=\s|$)/;

/** @param {string} written `45s`, `1min 30s`, `2%`, `0.5` @returns {number | null} */
export function sizeOf(written) {
  let rest = written;
  let size = 0;
  while (rest.trim()) {
    const found = PART.exec(rest);
    if (!found) return null;
    size += Number(found[1]) * /** @type {number} */ (SIZES.get(found[2]));
    rest = rest.slice(found[0].length);
  }
  return written.trim() ? size : null;
}
