// Menus that hide people, kinds of records, or metrics.
import { byId, element, fill } from "./elements.js";

/** @typedef {{id: number, label: string, count?: number}} Choice */

/**
 * @typedef {object} Hidden which choices are hidden
 * @property {() => ReadonlySet<number>} get
 * @property {(hidden: Set<number>) => void} set
 * @property {(draw: () => void) => void} on calls it whenever others are
 */

/**
 * A menu with a box for each choice; what is not checked is hidden.
 * @param {string} id of its place in the page
 * @param {string} title
 * @param {Choice[]} choices
 * @param {Hidden} hidden
 */
export function showMenu(id, title, choices, hidden) {
  /** @type {Map<number, HTMLInputElement>} */
  const boxes = new Map();
  const change = () => {
    hidden.set(new Set([...boxes].filter(([, box]) => !box.checked).map(([each]) => each)));
  };
  const items = choices.map((choice) => {
    const box = element("input", { type: "checkbox", checked: true, change });
    boxes.set(choice.id, box);
    const count = choice.count !== undefined && element("span", { class: "count" }, choice.count.toLocaleString("en"));
    return element("li", {}, element("label", {}, box, " ", element("bdi", {}, choice.label), " ", count));
  });
  const all = element("button", { type: "button", click: () => hidden.set(new Set()) }, "All");
  const none = element("button", { type: "button", click: () => hidden.set(new Set(boxes.keys())) }, "None");
  const summary = element("summary", {}, title);
  const list = element("ul", { "aria-label": title }, ...items);
  const menu = element("details", { class: "menu" }, summary, element("div", { class: "sheet" }, all, " ", none, list));
  fill(byId(id), menu);
  closeOutside(menu, summary);
  const draw = () => {
    const now = hidden.get();
    for (const [each, box] of boxes) box.checked = !now.has(each);
    fill(summary, now.size ? `${title} (${choices.length - now.size} of ${choices.length})` : title);
  };
  hidden.on(draw);
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
