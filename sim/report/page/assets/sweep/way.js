// Above the report of a run of a sweep: which run it is, and the way back to all of them.
import { byId, element, fill } from "../elements.js";
import { addressOf, labelOf } from "./document.js";
import { runName } from "./worst.js";

/** @typedef {import("./document.js").Sweep} Sweep */
/** @typedef {import("./document.js").Run} Run */

/** @param {Sweep} doc @param {Run} run */
export function showWay(doc, run) {
  document.title = `${doc.title}: ${runName(run).toLowerCase()}`;
  const shown = doc.worst.filter((each) => each.shown);
  const place = shown.indexOf(run);
  fill(
    byId("way"),
    element("a", { href: "#" }, `← ${doc.title}: all design points`),
    element("span", { class: "place" }, `${runName(run)} · ${labelOf(doc, doc.points[run.point])}`),
    element("span", { class: "quiet reasons" }, run.reasons.join("; ")),
    wayTo("Previous of the worst", shown[place - 1]),
    wayTo("Next of the worst", shown[place + 1]),
  );
}

/** @param {string} text @param {Run | undefined} run */
function wayTo(text, run) {
  return run ? element("a", { href: addressOf(run) }, text) : null;
}
