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
  const section = byId("findings");
  section.hidden = !doc.findings.length;
  const list = byId("finding-list");
  const note = byId("findings-note");
  const draw = () => {
    const { range } = store.state;
    const shown = doc.findings.filter((each) => !range || (each.time >= range[0] && each.time <= range[1]));
    fill(list, ...shown.map((each) => item(each, store.state.selected, navigation)));
    const left = doc.findings.length - shown.length;
    fill(note, left ? `${left.toLocaleString("en")} more outside the selected time.` : "");
  };
  store.on(["range", "selected"], draw);
  draw();
}

/** @param {Finding} finding @param {number} selected @param {import("./navigation.js").Navigation} navigation */
function item(finding, selected, navigation) {
  const isHere = finding.row >= 0 && finding.row === selected;
  const button = element(
    "button",
    {
      type: "button",
      class: "finding",
      "aria-current": isHere ? "true" : "false",
      click: () => navigation.jump(finding.time, finding.row),
    },
    element("span", { class: "when" }, clock(finding.time)),
    element("span", { class: "what" }, finding.sentence),
    element("span", { class: "tag" }, label(finding)),
  );
  return element("li", { class: finding.expected ? "known" : "broken" }, button);
}

/** @param {Finding} finding */
function label(finding) {
  if (finding.kind === "expectation") return "expectation";
  return finding.expected ? `law ${finding.name}, expected` : `law ${finding.name}`;
}
