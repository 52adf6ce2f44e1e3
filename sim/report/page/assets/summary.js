// The top of the page: what was run, how it went in one sentence, and how to run it again.
import { copyButton } from "./copying.js";
import { byId, element, fill } from "./elements.js";
import { counted, duration, listed } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */

/** @param {Doc} doc */
export function showSummary(doc) {
  fill(byId("title"), doc.title);
  fill(byId("brief"), brief(doc));
  fill(byId("about"), doc.about);
  byId("about").hidden = !doc.about;
  const verdict = byId("verdict");
  fill(verdict, verdictOf(doc));
  verdict.className = outcomeOf(doc);
  fill(byId("warnings"), ...doc.warnings.map((text) => element("li", {}, text)));
  byId("warnings").hidden = !doc.warnings.length;
  fill(byId("facts"), ...facts(doc).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  byId("seen-again").hidden = !doc.again;
  byId("its-scenario").hidden = !doc.scenario;
  fill(byId("again"), doc.again);
  byId("again").after(copyButton("Copy the line", () => doc.again));
  fill(byId("scenario"), doc.scenario);
  byId("scenario").before(copyButton("Copy the scenario", () => doc.scenario));
  fill(byId("judged"), ...judged(doc));
}

/** Nobody can be sure of a trace that something is wrong with. @param {Doc} doc */
function outcomeOf(doc) {
  if (doc.findings.some((finding) => !finding.expected)) return "bad";
  return doc.warnings.length ? "unsure" : "good";
}

/** How it went, in one sentence. @param {Doc} doc */
export function verdictOf(doc) {
  const laws = Object.values(doc.laws);
  const broken = new Set(unexpected(doc, "law").map((finding) => finding.name));
  const failed = doc.expectations.filter(([, held]) => !held).length;
  if (!broken.size && !failed) return allHeld(doc, laws);
  const parts = [];
  if (broken.size) {
    parts.push(`${counted(broken.size, "law")} ${broken.size === 1 ? "is" : "are"} broken (${listed([...broken])})`);
  }
  if (failed) {
    parts.push(`${failed} of ${counted(doc.expectations.length, "expectation")} did not hold`);
  }
  return `${capital(listed(parts))}.`;
}

/** @param {Doc} doc @param {string[]} laws */
function allHeld(doc, laws) {
  const held = laws.filter((outcome) => outcome === "held").length;
  const parts = [counted(held, "law")];
  if (doc.expectations.length) parts.push(counted(doc.expectations.length, "expectation"));
  const idle = laws.filter((outcome) => outcome === "not exercised").length;
  const known = new Set(doc.findings.filter((finding) => finding.expected).map((finding) => finding.name));
  const but = known.size ? `, and ${counted(known.size, "breach", "breaches")} that the scenario expects` : "";
  const all = doc.digest ? "All held" : "As far as the trace goes, all held";
  return `${all}: ${listed(parts)}${but}${idle ? `; ${counted(idle, "law")} had nothing to judge` : ""}.`;
}

/** @param {Doc} doc @param {string} kind */
function unexpected(doc, kind) {
  return doc.findings.filter((finding) => finding.kind === kind && !finding.expected);
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What tells this run from others, in a line. @param {Doc} doc */
function brief(doc) {
  const people = doc.lanes.filter((lane) => !lane.platform).length;
  return [`seed ${seedOf(doc)}`, doc.profile, counted(people, "person", "people"), duration(doc.ended)].join(" · ");
}

/** @param {Doc} doc */
function seedOf({ seed, replication }) {
  return replication === "0" ? seed : `${seed}, replication ${replication}`;
}

/** @param {Doc} doc @returns {[string, string][]} */
function facts(doc) {
  const people = doc.lanes.filter((lane) => !lane.platform).length;
  const records = doc.rows.count.toLocaleString("en");
  return [
    ["Seed", seedOf(doc)],
    ["Profile", doc.profile],
    ["People", people.toLocaleString("en")],
    ["Length", duration(doc.ended)],
    ["Records", doc.level === "story" ? records : `${records}, messages included`],
    ["Digest", doc.digest || "none: the trace was cut off"],
    ["Version", doc.version],
  ];
}

/** Every law and expectation with its outcome. @param {Doc} doc */
function judged(doc) {
  const rows = [
    ...Object.entries(doc.laws).map(([name, outcome]) => ["law", name, outcome]),
    ...doc.expectations.map(([text, held]) => ["expectation", text, held ? "held" : "did not hold"]),
  ];
  return rows.map(([kind, name, outcome]) =>
    element(
      "tr",
      { class: outcome === "held" ? "held" : outcome === "not exercised" ? "idle" : "broken" },
      element("th", { scope: "row" }, name),
      element("td", {}, kind),
      element("td", {}, outcome),
    ),
  );
}
