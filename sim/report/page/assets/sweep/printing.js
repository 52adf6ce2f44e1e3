// On paper there is no scrolling: the metrics in tables below each other, a few in each.
import { byId, element, fill } from "../elements.js";
import { counted } from "../wording.js";
import { factsOf, metricsOf } from "./columns.js";
import { lineOf } from "./points.js";

/** @typedef {import("./document.js").Sweep} Sweep */
/** @typedef {import("./columns.js").Column} Column */

const METRICS_BESIDE = 4;
const MOST_POINTS_PRINTED = 400;

/** @param {Sweep} doc */
export function printPoints(doc) {
  window.addEventListener("beforeprint", () => {
    const facts = factsOf(doc);
    const metrics = metricsOf(doc);
    const [first, ...paths] = facts.slice(0, doc.paths.length + 1);
    const tables = [tableOf(doc, facts)];
    if (doc.points.length > 1) {
      for (let place = 0; place < metrics.length; place += METRICS_BESIDE) {
        tables.push(tableOf(doc, [first, ...paths, ...metrics.slice(place, place + METRICS_BESIDE)]));
      }
    }
    const left = doc.points.length - MOST_POINTS_PRINTED;
    const note = left > 0 && element("p", {}, `${counted(left, "point is", "points are")} in the file alone.`);
    fill(byId("points-print"), ...tables, note);
  });
}

/** @param {Sweep} doc @param {Column[]} columns */
function tableOf(doc, columns) {
  const heads = columns.map(({ name, below }) => element("th", {}, name, below && element("span", { class: "scale" }, below)));
  const rows = doc.points.slice(0, MOST_POINTS_PRINTED).map((point) => lineOf(point, columns));
  return element("table", { class: "points" }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}
