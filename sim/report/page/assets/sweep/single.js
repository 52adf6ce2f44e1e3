// A design with one point: its metrics below each other.
import { byId, element, fill } from "../elements.js";
import { bar, estimateOf, limitsOf, scaleOf } from "./intervals.js";

/** @param {import("./document.js").Sweep} doc */
export function showSingle({ metrics, points: [point] }) {
  fill(byId("single-body"), ...metrics.map((metric, place) => metricRow(metric, point.cells[place])));
}

/** @param {import("./document.js").Metric} metric @param {import("./document.js").Cell} cell */
function metricRow(metric, cell) {
  const scale = scaleOf([cell], metric);
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, metric.name),
    element("td", { class: "metric" }, element("span", { class: "estimate" }, estimateOf(cell, metric))),
    element("td", { class: "metric" }, element("span", { class: "limits" }, limitsOf(cell)), scale && bar(cell, scale)),
    element("td", { class: "definition" }, ...coded(metric.definition)),
  );
}

/** What stands between backticks in its own type. @param {string} text */
function coded(text) {
  return text.split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part));
}
