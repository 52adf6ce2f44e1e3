// What keys do. They are those that the help lists, and nothing where somebody types.
import { byId } from "./elements.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./navigation.js").Navigation} Navigation */

/** @param {Store} store @param {Navigation} navigation @param {import("./sides.js").Sides} sides */
export function listenToKeys(store, navigation, sides) {
  const help = /** @type {HTMLDialogElement} */ (byId("help"));
  byId("help-open").addEventListener("click", () => help.showModal());
  byId("help-close").addEventListener("click", () => help.close());
  const everywhere = keysOfThePage(store, navigation, help);
  const inTable = keysOfTheTable(sides);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || help.open) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("input, textarea, select")) return;
    const isTable = byId("table-box").contains(target) || target === document.body;
    const act = (isTable && inTable[event.key]) || everywhere[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  });
}

/** @param {Store} store @param {Navigation} navigation @param {HTMLDialogElement} help @returns {Record<string, () => void>} */
function keysOfThePage(store, navigation, help) {
  return {
    "+": () => navigation.zoom(2),
    "=": () => navigation.zoom(2),
    "-": () => navigation.zoom(0.5),
    0: () => navigation.fit(),
    "/": () => byId("search").focus(),
    n: () => navigation.match(1),
    N: () => navigation.match(-1),
    m: () => store.set({ mark: store.state.mark === null ? store.state.cursor : null }),
    "?": () => help.showModal(),
    Escape: () => store.set({ selected: -1, cursor: null, mark: null, range: null, search: "" }),
  };
}

/** @param {import("./sides.js").Sides} sides whose shown run has the table @returns {Record<string, () => void>} */
function keysOfTheTable(sides) {
  const page = 12;
  return {
    ArrowDown: () => sides.shown.navigation.step(1),
    ArrowUp: () => sides.shown.navigation.step(-1),
    ArrowRight: () => sides.shown.navigation.step(1),
    ArrowLeft: () => sides.shown.navigation.step(-1),
    PageDown: () => sides.shown.navigation.step(page),
    PageUp: () => sides.shown.navigation.step(-page),
    Home: () => sides.shown.navigation.goTo("first"),
    End: () => sides.shown.navigation.goTo("last"),
    Enter: () => sides.shown.navigation.step(0),
  };
}
