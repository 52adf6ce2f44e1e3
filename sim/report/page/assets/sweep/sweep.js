// A sweep in the page: how it went, its worst runs, and its design points.
import { copyButton } from "../copying.js";
import { byId, element, fill } from "../elements.js";
import { offerThemes } from "../themes.js";
import { counted, listed } from "../wording.js";
import { PointTable } from "./points.js";
import { printPoints } from "./printing.js";
import { showSingle } from "./single.js";
import { showWorst } from "./worst.js";

/** @typedef {import("./document.js").Sweep} Sweep */

/** @param {Sweep} doc */
export function showSweep(doc) {
  showTop(doc);
  showWorst(doc);
  offerThemes("sweep-theme");
  const isSingle = doc.points.length === 1;
  byId("single").hidden = !isSingle;
  byId("metrics-menu").hidden = isSingle;
  fill(byId("level"), `Intervals of ${Math.round(doc.level * 1000) / 10} %, over the replications.`);
  if (isSingle) showSingle(doc);
  const table = new PointTable(doc);
  printPoints(doc);
  Object.assign(window, { report: { sweep: doc, table } });
}

/** @param {Sweep} doc */
function showTop(doc) {
  fill(byId("sweep-title"), doc.title);
  fill(byId("sweep-brief"), briefOfSweep(doc));
  fill(byId("sweep-about"), doc.about);
  byId("sweep-about").hidden = !doc.about;
  fill(byId("sweep-verdict"), verdictOfSweep(doc));
  byId("sweep-verdict").className = doc.failed ? "bad" : doc.warnings.length ? "unsure" : "good";
  fill(byId("sweep-warnings"), ...doc.warnings.map((text) => element("li", {}, text)));
  byId("sweep-warnings").hidden = !doc.warnings.length;
  byId("sweep-again").hidden = !doc.again;
  byId("sweep-again").append(element("code", {}, doc.again), copyButton("Copy the line", () => doc.again));
  fill(byId("experiment"), doc.experiment);
  byId("experiment").before(copyButton("Copy the experiment", () => doc.experiment));
  const known = factsOfSweep(doc).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]);
  fill(byId("sweep-facts"), ...known);
}

/** How it went, in one sentence. @param {Sweep} doc */
export function verdictOfSweep(doc) {
  if (!doc.failed) return `${doc.digest ? "All held" : "As far as it goes, all held"} in ${counted(doc.runs, "run")}.`;
  const laws = lawsOf(doc);
  const which = laws.length ? `: ${listed(laws.map(([law, count]) => `${law} ${counted(count, "time")}`))}` : "";
  return `Something broke in ${doc.failed.toLocaleString("en")} of ${counted(doc.runs, "run")}${which}.`;
}

/** By law, how often it broke where it was not to. @param {Sweep} doc */
function lawsOf({ points }) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { law, count, expected } of points.flatMap(({ breaks }) => breaks)) {
    if (!expected) counts.set(law, (counts.get(law) ?? 0) + count);
  }
  return Array.from(counts);
}

/** @param {Sweep} doc */
function briefOfSweep({ points, replications, seed }) {
  return [counted(points.length, "design point"), counted(replications, "replication"), `seed ${seed}`].join(" · ");
}

/** @param {Sweep} doc @returns {[string, string][]} */
function factsOfSweep(doc) {
  return [
    ["Runs", doc.runs.toLocaleString("en")],
    ["Replications", doc.replications.toLocaleString("en")],
    ["Seed", doc.seed],
    ["Digest", doc.digest || "none: it is not complete"],
    ["Version", doc.version],
  ];
}
