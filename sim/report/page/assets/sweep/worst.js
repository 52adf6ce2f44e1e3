// The worst runs: why each is one of them, its own report one click away, and the line of a shell that runs it again.
import { copyButton } from "../copying.js";
import { byId, element, fill } from "../elements.js";
import { counted } from "../wording.js";
import { addressOf, labelOf } from "./document.js";

/** @typedef {import("./document.js").Sweep} Sweep */
/** @typedef {import("./document.js").Run} Run */

/** @param {Sweep} doc */
export function showWorst(doc) {
  byId("worst").hidden = !doc.worst.length;
  fill(byId("worst-list"), ...doc.worst.map((run) => runItem(doc, run)));
  fill(byId("worst-note"), worstNote(doc));
}

/** What is not in the list. @param {Sweep} doc */
function worstNote({ failed, worst }) {
  const listed = worst.filter((run) => run.broken).length;
  if (failed > listed) return `${listed} of the ${counted(failed, "run")} that broke something; --worst N shows more.`;
  return failed ? "" : "Nothing broke: these are the most extreme.";
}

/** @param {Sweep} doc @param {Run} run */
function runItem(doc, run) {
  const [first, ...others] = run.reasons.map((reason) => element("span", { class: "reason" }, reason));
  const told = [
    element("span", { class: "when" }, runName(run)),
    element("span", { class: "what" }, first, ...others),
    element("span", { class: "tag" }, labelOf(doc, doc.points[run.point])),
  ];
  return element(
    "li",
    { class: run.broken ? "broken" : "known" },
    run.shown
      ? element("a", { class: "finding", href: addressOf(run), title: "Show this run" }, ...told)
      : element("div", { class: "finding" }, ...told, element("span", { class: "absent" }, run.absent)),
    run.again ? element("code", {}, run.again) : null,
    run.again ? copyButton("Copy the line", () => run.again) : null,
  );
}

/** @param {Run} run */
export function runName({ point, replication }) {
  return `Point ${point}, replication ${replication}`;
}
