// The menus of the toolbar that hide people and kinds of records.
import { byId, element, fill } from "./elements.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {{id: number, label: string, count: number}} Choice */

/**
 * A menu with a box for each choice; what is not checked is hidden.
 * @param {string} id of its place in the page
 * @param {string} title
 * @param {Choice[]} choices
 * @param {Store} store
 * @param {"people" | "kinds"} key
 */
export function showMenu(id, title, choices, store, key) {
  /** @type {Map<number, HTMLInputElement>} */
  const boxes = new Map();
  const change = () => {
    store.set({ [key]: new Set([...boxes].filter(([, box]) => !box.checked).map(([each]) => each)) });
  };
  const items = choices.map((choice) => {
    const box = element("input", { type: "checkbox", checked: true, change });
    boxes.set(choice.id, box);
    const count = element("span", { class: "count" }, choice.count.toLocaleString("en"));
    return element("li", {}, element("label", {}, box, " ", element("bdi", {}, choice.label), " ", count));
  });
  const all = element("button", { type: "button", click: () => store.set({ [key]: new Set() }) }, "All");
  const none = element("button", { type: "button", click: () => store.set({ [key]: new Set(boxes.keys()) }) }, "None");
  const summary = element("summary", {}, title);
  const list = element("ul", { "aria-label": title }, ...items);
  const menu = element("details", { class: "menu" }, summary, element("div", { class: "sheet" }, all, " ", none, list));
  fill(byId(id), menu);
  closeOutside(menu, summary);
  const draw = () => {
    const hidden = store.state[key];
    for (const [each, box] of boxes) box.checked = !hidden.has(each);
    fill(summary, hidden.size ? `${title} (${choices.length - hidden.size} of ${choices.length})` : title);
  };
  store.on([key], draw);
  draw();
}

/** @param {HTMLDetailsElement} menu @param {HTMLElement} summary */
function closeOutside(menu, summary) {
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
    event.stopPropagation();
  });
}
