// Which of two runs the table and the moment are of.
import { byId } from "./elements.js";

/**
 * @typedef {object} Side A run, and how one moves about in it.
 * @property {import("./document.js").Doc} doc
 * @property {import("./store.js").Store} store
 * @property {import("./filtering.js").Filter} filter
 * @property {import("./navigation.js").Navigation} navigation
 */

/** @typedef {{listen: (store: Side["store"]) => void, turn: (side: Side) => void}} Turning */

export class Sides {
  /**
   * @param {Side} here @param {Side | null} there
   * @param {Turning[]} panes what shows one of them; this run at first
   */
  constructor(here, there, panes) {
    this.shown = here;
    byId("side-choice").hidden = byId("legend-alone").hidden = !there;
    if (!there) return;
    for (const pane of panes) pane.listen(there.store);
    const choice = /** @type {HTMLSelectElement} */ (byId("side"));
    choice.addEventListener("change", () => {
      this.shown = choice.value === "there" ? there : here;
      for (const pane of panes) pane.turn(this.shown);
    });
  }
}
