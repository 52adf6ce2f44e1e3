// What is wrong, on top and in sentences; each goes to its moment.
import { byId, element, fill } from "./elements.js";
import { clock } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./document.js").Finding} Finding */
/** @typedef {import("./store.js").Store} Store */

/**
 * @param {Doc} doc @param {Store} store
 * @param {import("./navigation.js").Navigation} navigation
 */
export function showFindings(doc, store, navigation) {
  const isExpected = doc.findings.every((finding) => finding.expected);
  byId("findings").hidden = !doc.findings.length;
  fill(byId("findings-title"), isExpected ? "What breaks as the scenario expects" : "What is wrong");
  const list = byId("finding-list");
  const note = byId("findings-note");
  const draw = () => {
    const { range } = store.state;
    const shown = doc.findings.filter((each) => isWithin(momentOfFinding(doc, each), range));
    fill(list, ...shown.map((each) => item(doc, each, store.state.selected, navigation)));
    const left = doc.findings.length - shown.length;
    fill(note, left ? `${left.toLocaleString("en")} more outside the selected time.` : "");
  };
  store.on(["range", "selected"], draw);
  draw();
}

/**
 * @param {Doc} doc @param {Finding} finding @param {number} selected
 * @param {import("./navigation.js").Navigation} navigation
 */
function item(doc, finding, selected, navigation) {
  const row = rowOfFinding(doc, finding);
  const time = momentOfFinding(doc, finding);
  const isHere = row >= 0 && row === selected;
  const button = element(
    "button",
    {
      type: "button",
      class: "finding",
      "aria-current": isHere ? "true" : "false",
      click: () => navigation.jump(time, row),
    },
    element("span", { class: "when" }, clock(time)),
    element("span", { class: "what" }, ...sentence(finding)),
    element("span", { class: "tag" }, label(finding)),
  );
  return element("li", { class: finding.expected ? "known" : "broken" }, button);
}

/** The record that is to blame, or the first that the sentence names. @param {Doc} doc @param {Finding} finding */
export function rowOfFinding(doc, finding) {
  if (finding.row >= 0) return finding.row;
  const named = /#(\d+)/.exec(finding.sentence);
  return named ? doc.rowOf(Number(named[1])) : -1;
}

/**
 * When it broke; of an expectation that is judged at the end, when the record came that it names.
 * @param {Doc} doc @param {Finding} finding
 */
function momentOfFinding(doc, finding) {
  const row = rowOfFinding(doc, finding);
  return row < 0 || finding.row >= 0 ? finding.time : doc.rows.time[row];
}

/** @param {number} time @param {[number, number] | null} range */
function isWithin(time, range) {
  return !range || (time >= range[0] && time <= range[1]);
}

/** @param {Finding} finding */
function sentence(finding) {
  if (finding.kind !== "expectation") return [finding.sentence];
  return [element("b", {}, finding.name), ": ", finding.sentence];
}

/** @param {Finding} finding */
function label(finding) {
  if (finding.kind === "expectation") return "expectation";
  return finding.expected ? `law ${finding.name}, expected` : `law ${finding.name}`;
}
