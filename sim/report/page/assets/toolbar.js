// The toolbar: nearer and farther, what is shown, and the search.
import { byId, fill } from "./elements.js";
import { showMenu } from "./menus.js";
import { offerThemes } from "./themes.js";
import { clock } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./navigation.js").Navigation} Navigation */

/** @param {Doc} doc @param {Store} store @param {Navigation} navigation */
export function showToolbar(doc, store, navigation) {
  byId("zoom-in").addEventListener("click", () => navigation.zoom(2));
  byId("zoom-out").addEventListener("click", () => navigation.zoom(0.5));
  byId("fit").addEventListener("click", () => navigation.fit());
  showMenu("people-menu", "People", people(doc), hiddenIn(store, "people"));
  showMenu("kinds-menu", "Kinds", kinds(doc), hiddenIn(store, "kinds"));
  showFold(doc, store);
  offerThemes("theme", (theme) => store.set({ theme }));
  showSearch(store, navigation);
  showRange(store);
}

/** @param {Store} store @param {"people" | "kinds"} key @returns {import("./menus.js").Hidden} */
function hiddenIn(store, key) {
  return {
    get: () => store.state[key],
    set: (hidden) => store.set({ [key]: hidden }),
    on: (draw) => store.on([key], draw),
  };
}

/** @param {Doc} doc */
function people(doc) {
  const counts = tally(doc.rows.lane);
  return doc.lanes.map(({ name, platform }, lane) => ({
    id: lane,
    label: platform ? "the platform" : name,
    count: counts.get(lane) ?? 0,
  }));
}

/** @param {Doc} doc */
function kinds(doc) {
  const counts = tally(doc.rows.kind);
  const choices = Array.from(counts, ([kind, count]) => ({ id: kind, label: doc.words[kind], count }));
  return choices.sort((one, other) => (one.label < other.label ? -1 : 1));
}

/** @param {Int32Array} column */
function tally(column) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** @param {Doc} doc @param {Store} store */
function showFold(doc, store) {
  const box = /** @type {HTMLInputElement} */ (byId("fold"));
  box.disabled = !doc.stretches.length;
  box.addEventListener("change", () => store.set({ unfolded: !box.checked }));
  const draw = () => {
    box.checked = !store.state.unfolded;
  };
  store.on(["unfolded"], draw);
  draw();
}

/** @param {Store} store @param {Navigation} navigation */
function showSearch(store, navigation) {
  const field = /** @type {HTMLInputElement} */ (byId("search"));
  field.addEventListener("input", () => store.set({ search: field.value }));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") navigation.match(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && field.value) store.set({ search: "" });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  byId("search-next").addEventListener("click", () => navigation.match(1));
  byId("search-previous").addEventListener("click", () => navigation.match(-1));
  store.on(["search"], ({ search }) => {
    if (field.value !== search) field.value = search;
  });
}

/** What says that only a part of the time is looked at, and ends it. @param {Store} store */
function showRange(store) {
  const button = byId("range-clear");
  button.addEventListener("click", () => store.set({ range: null }));
  const draw = () => {
    const { range } = store.state;
    button.hidden = range === null;
    if (range) fill(button, `Only ${clock(range[0])} to ${clock(range[1])}: show all`);
  };
  store.on(["range"], draw);
  draw();
}
