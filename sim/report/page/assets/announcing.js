// What is said to those who do not see the page: what has just been selected.
import { byId, fill } from "./elements.js";
import { clock } from "./wording.js";

/** @param {import("./document.js").Doc} doc @param {import("./store.js").Store} store */
export function announceSelection(doc, store) {
  store.on(["selected"], ({ selected }) => {
    fill(byId("live"), selected < 0 ? "Nothing is selected." : sentenceOf(doc, selected));
  });
}

/** @param {import("./document.js").Doc} doc @param {number} row */
function sentenceOf(doc, row) {
  const { rows, words } = doc;
  const number = rows.seq[row] ? `Event ${rows.seq[row]}` : "A message";
  const who = words[rows.client[row]];
  return `${number} at ${clock(rows.time[row])}${who ? `, ${who}` : ""}: ${doc.told(row)}`;
}
