// One run in the page: its parts put together.
import { announceSelection } from "./announcing.js";
import { heightOf, showOther } from "./comparing.js";
import { byId } from "./elements.js";
import { Filter } from "./filtering.js";
import { firstFinding, showFindings } from "./findings.js";
import { listenToKeys } from "./keyboard.js";
import { showLegend } from "./legend.js";
import { MomentPane } from "./momentpane.js";
import { Navigation } from "./navigation.js";
import { Picture } from "./picture/picture.js";
import { preparePrinting } from "./printing.js";
import { Sides } from "./sides.js";
import { createStore, initialState } from "./store.js";
import { showSummary } from "./summary.js";
import { EventTable } from "./table.js";
import { showToolbar } from "./toolbar.js";
import { WhyPane } from "./why.js";

/** @param {import("./document.js").Doc} doc */
export function showRun(doc) {
  const ended = Math.max(doc.ended, doc.against?.ended ?? 0);
  const store = createStore(initialState(ended));
  const filter = new Filter(doc, store);
  const navigation = new Navigation(doc, store, filter, ended);
  showSummary(doc);
  showFindings(doc, store, navigation);
  showToolbar(doc, store, navigation);
  byId("frame").style.setProperty("--lanes", `${heightOf(doc)}px`);
  const picture = new Picture(/** @type {HTMLCanvasElement} */ (byId("picture")), doc, store, filter, ended);
  const table = new EventTable(doc, store, filter, navigation);
  const why = new WhyPane(doc, store, filter, navigation);
  const moment = new MomentPane(doc, store);
  const other = showOther(doc, store, navigation);
  showLegend(doc, store);
  const sides = new Sides({ doc, store, filter, navigation }, other, [table, moment]);
  listenToKeys(store, navigation, sides);
  const first = firstFinding(doc);
  if (first) store.set({ selected: first.row, cursor: doc.rows.time[first.row] });
  announceSelection(doc, store);
  preparePrinting(doc, store);
  Object.assign(window, { report: { doc, store, picture, filter, navigation, table, why, moment, other, sides } });
}
