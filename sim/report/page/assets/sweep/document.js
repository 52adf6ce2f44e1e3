// The document of a sweep: its design points, what was measured, and its worst runs.
// `sim/report/page/sweeps.py` writes it.

/** @typedef {{name: string, unit: string, definition: string}} Metric */
/** @typedef {{estimate: number, low: number, high: number, n: number}} Cell what is not known is NaN */
/** @typedef {{law: string, count: number, expected: boolean}} Breaks how often a law broke, and whether it was to */

/**
 * @typedef {object} Point
 * @property {number} number
 * @property {(string | null)[]} values a place for each path; null where the scenario is as it is
 * @property {number} runs
 * @property {number} failed
 * @property {Breaks[]} breaks
 * @property {Cell[]} cells a place for each metric
 */

/**
 * @typedef {object} Run
 * @property {number} point
 * @property {number} replication
 * @property {string[]} reasons why it is among the worst
 * @property {boolean} broken
 * @property {string} again the line that runs it again, or ""
 * @property {boolean} shown whether the page has its picture
 * @property {string} absent why it has not, or ""
 */

/**
 * @typedef {object} Sweep
 * @property {string} title
 * @property {string} about
 * @property {string} seed
 * @property {string} version
 * @property {string} digest
 * @property {string} again
 * @property {string} experiment
 * @property {number} level
 * @property {number} replications
 * @property {number} runs
 * @property {number} failed
 * @property {string[]} warnings
 * @property {Metric[]} metrics
 * @property {string[]} paths
 * @property {Point[]} points
 * @property {Run[]} worst
 */

/** @param {any} raw the document as sweeps.py wrote it @returns {Sweep} */
export function decodeSweep(raw) {
  if (raw.format !== 1) throw new Error(`This page cannot read a sweep of format ${raw.format}.`);
  const metrics = raw.metrics.map((/** @type {string[]} */ [name, unit, definition]) => ({ name, unit, definition }));
  const points = raw.points.map((/** @type {any} */ point, /** @type {number} */ place) => ({
    ...point,
    breaks: point.breaks.map((/** @type {any[]} */ [law, count, expected]) => ({ law, count, expected })),
    cells: raw.cells.map((/** @type {any} */ column) => ({
      estimate: figure(column.estimate[place]),
      low: figure(column.low[place]),
      high: figure(column.high[place]),
      n: column.n[place],
    })),
  }));
  return { ...raw, metrics, points };
}

/** @param {number | string | null} value */
function figure(value) {
  return value === null ? NaN : Number(value);
}

/** The address of a run inside of the page. @param {{point: number, replication: number}} run */
export function addressOf({ point, replication }) {
  return `#point-${point}-replication-${replication}`;
}

/** The run that an address names, if the page has its picture. @param {Sweep} doc @param {string} address */
export function runAt(doc, address) {
  return doc.worst.find((run) => run.shown && addressOf(run) === address) ?? null;
}

/** What is different at a point, in one line. @param {Sweep} doc @param {Point} point */
export function labelOf(doc, point) {
  const said = doc.paths.flatMap((path, place) => (point.values[place] === null ? [] : [`${path}=${point.values[place]}`]));
  return said.join(", ") || "the scenario as it is";
}
