// Estimates and their intervals: as numbers with units, and drawn.

/** @typedef {import("./document.js").Cell} Cell */
/** @typedef {import("./document.js").Metric} Metric */
/** @typedef {{from: number, to: number}} Scale */

const SVG = "http://www.w3.org/2000/svg";
const BAR_WIDTH = 120;
const BAR_HEIGHT = 14;
const BAR_MARGIN = 4;
/** @type {Record<string, string>} */
const UNITS = { 1: "", "1/h": "\u2009/\u2009h" };

/** The estimate with its unit, to as many places as its interval lets it have. @param {Cell} cell @param {Metric} metric */
export function estimateOf({ estimate, low, high }, { unit }) {
  if (Number.isNaN(estimate)) return "–";
  return `${numeral(estimate, high - low)}${UNITS[unit] ?? `\u00a0${unit}`}`;
}

/** The limits of the interval; "" if there are none. @param {Cell} cell */
export function limitsOf({ estimate, low, high }) {
  if ([estimate, low, high].some(Number.isNaN)) return "";
  return `${numeral(low, high - low)} to ${numeral(high, high - low)}`;
}

/**
 * A number: the last of its places is worth a hundredth to a tenth of the width of its interval.
 * @param {number} value @param {number} width
 */
export function numeral(value, width) {
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const isOdd = value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6);
  if (isOdd) return signed(value.toExponential(1));
  if (!Number.isFinite(width) || width <= 0) return signed(String(Number(value.toPrecision(3))));
  const places = 1 - Math.floor(Math.log10(width / 2));
  return signed(value.toFixed(Math.min(6, Math.max(0, places))));
}

/** @param {string} numeral */
function signed(numeral) {
  return numeral.replace(/^-(?=[0.]*$)/, "").replace("-", "−");
}

/**
 * What the intervals of a metric are drawn on: from the least to the greatest of them. A single one has nothing to be
 * compared with but 0 and, if it is a share, 1.
 * @param {Cell[]} cells @param {Metric} metric @returns {Scale | null} null where nothing is known
 */
export function scaleOf(cells, { unit }) {
  const ends = cells.flatMap(({ estimate, low, high }) => [estimate, low, high]).filter(Number.isFinite);
  if (!ends.length) return null;
  if (cells.length === 1) ends.push(0);
  if (cells.length === 1 && unit === "1" && Math.max(...ends) <= 1) ends.push(1);
  return ends.reduce(({ from, to }, each) => ({ from: Math.min(from, each), to: Math.max(to, each) }), {
    from: Infinity,
    to: -Infinity,
  });
}

/** The ends of a scale, in words. @param {Scale} scale @param {Metric} metric */
export function endsOf({ from, to }, metric) {
  const unit = UNITS[metric.unit] ?? `\u00a0${metric.unit}`;
  if (from === to) return `all ${numeral(from, 0)}${unit}`;
  return `${numeral(from, to - from)} … ${numeral(to, to - from)}${unit}`;
}

/** An interval as a bar, its estimate as a dot. The numbers beside it say the same. @param {Cell} cell @param {Scale} scale */
export function bar(cell, scale) {
  const picture = drawn("svg", { class: "bar", width: BAR_WIDTH, height: BAR_HEIGHT, viewBox: `0 0 ${BAR_WIDTH} ${BAR_HEIGHT}`, "aria-hidden": "true" });
  const middle = BAR_HEIGHT / 2;
  const [low, high] = [Number.isNaN(cell.low) ? cell.estimate : cell.low, Number.isNaN(cell.high) ? cell.estimate : cell.high];
  picture.append(drawn("path", { class: "rail", d: `M${BAR_MARGIN} ${middle}H${BAR_WIDTH - BAR_MARGIN}` }));
  const [left, right] = [placeOf(low, scale), placeOf(high, scale)];
  picture.append(drawn("rect", { class: "reach", x: left, y: middle - 3, width: Math.max(right - left, 1), height: 6, rx: 1 }));
  picture.append(drawn("circle", { class: "dot", cx: placeOf(cell.estimate, scale), cy: middle, r: 3.5 }));
  return picture;
}

/** @param {number} value @param {Scale} scale */
function placeOf(value, { from, to }) {
  const share = to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 0.5;
  return Math.round((BAR_MARGIN + share * (BAR_WIDTH - 2 * BAR_MARGIN)) * 10) / 10;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function drawn(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
