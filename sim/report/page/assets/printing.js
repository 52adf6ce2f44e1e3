// On paper there is no scrolling: a table of what matters, and a line that says what is left out.
import { byId, element, fill } from "./elements.js";
import { clock } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */

/** Kinds of records that matter by themselves. */
const MATTERING = new Set(["fault", "quirk"]);
const MOST_PRINTED = 400;

/** @param {Doc} doc @param {import("./store.js").Store} store */
export function preparePrinting(doc, store) {
  window.addEventListener("beforeprint", () => {
    byId("legend").setAttribute("open", "");
    const rows = mattering(doc, store.state.selected);
    const some = rows.slice(0, MOST_PRINTED);
    fill(byId("print-body"), ...some.map((row) => line(doc, row)));
    const left = doc.rows.count - some.length;
    fill(
      byId("print-note"),
      `What breaks, and what led to each finding: ${some.length.toLocaleString("en")} of ` +
        `${doc.rows.count.toLocaleString("en")} records. ${left.toLocaleString("en")} are in the file alone.`,
    );
  });
}

/** What led to the findings and to what is selected, and what breaks. @param {Doc} doc @param {number} selected */
function mattering(doc, selected) {
  const found = new Set(selected < 0 ? [] : doc.chain(selected));
  for (const finding of doc.findings) {
    if (finding.row >= 0) for (const each of doc.chain(finding.row)) found.add(each);
  }
  for (let row = 0; row < doc.rows.count; row++) {
    if (MATTERING.has(doc.words[doc.rows.kind[row]])) found.add(row);
  }
  return Array.from(found).sort((one, other) => one - other);
}

/** @param {Doc} doc @param {number} row */
function line(doc, row) {
  const { rows, words } = doc;
  return element(
    "tr",
    {},
    element("td", {}, clock(rows.time[row])),
    element("td", {}, rows.seq[row] ? `#${rows.seq[row]}` : ""),
    element("td", {}, words[rows.client[row]] || "–"),
    element("td", {}, doc.told(row)),
  );
}
