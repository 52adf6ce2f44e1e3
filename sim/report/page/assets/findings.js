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
  /** The finding that was gone to last: several may be about one record. @type {Finding | null} */
  let chosen = null;
  /** @param {Finding} finding */
  const go = (finding) => {
    chosen = finding;
    navigation.jump(finding.time, finding.row);
    draw();
  };
  const draw = () => {
    const { range, selected, cursor } = store.state;
    const shown = doc.findings.filter(({ time }) => isWithin(time, range));
    const here = shown.filter(({ row, time }) => row === selected && (row >= 0 || time === cursor));
    const current = here.find((each) => each === chosen) ?? here[0];
    fill(list, ...shown.map((each) => item(each, each === current, go)));
    const left = doc.findings.length - shown.length;
    fill(note, left ? `${left.toLocaleString("en")} more outside the selected time.` : "");
  };
  store.on(["range", "selected"], draw);
  draw();
}

/** @param {Finding} finding @param {boolean} isHere @param {(finding: Finding) => void} go */
function item(finding, isHere, go) {
  const button = element(
    "button",
    {
      type: "button",
      class: "finding",
      "aria-current": isHere ? "true" : "false",
      click: () => go(finding),
    },
    element("span", { class: "when" }, clock(finding.time)),
    element("span", { class: "what" }, ...sentence(finding)),
    element("span", { class: "tag" }, label(finding)),
  );
  return element("li", { class: finding.expected ? "known" : "broken" }, button);
}

/** The finding that is told of at first: one that nobody expects, with a record, if there is one. @param {Doc} doc */
export function firstFinding({ findings }) {
  const bad = findings.filter(({ expected }) => !expected);
  return bad.find(({ row }) => row >= 0) ?? findings.find(({ row }) => row >= 0) ?? null;
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
