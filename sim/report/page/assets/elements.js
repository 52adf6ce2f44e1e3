// Elements of the page. Text comes in as text only: names and data are not to be trusted.
import { visible } from "./wording.js";

/** @typedef {Node | string | null | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | ((event: any) => void)>} [attributes]
 *   a function listens to the event of that name; true is an attribute without a value
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : visible(String(value)));
  }
  fill(made, ...children);
  return made;
}

/**
 * Puts these children, and no others, into the element.
 * @param {Element} parent
 * @param {Child[]} children
 */
export function fill(parent, ...children) {
  const kept = children.filter((child) => child !== null && child !== false);
  parent.replaceChildren(
    ...kept.map((child) => (typeof child === "string" ? visible(child) : /** @type {Node} */ (child))),
  );
}

/**
 * The element of the page with that id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

/**
 * A button that looks like the text it is.
 * @param {string} text @param {() => void} act @param {Record<string, string>} [attributes]
 */
export function link(text, act, attributes = {}) {
  return element("button", { type: "button", class: "link", ...attributes, click: act }, text);
}

/**
 * Calls the function once in the next frame, however often it is asked to before.
 * @param {() => void} draw
 */
export function oncePerFrame(draw) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}
