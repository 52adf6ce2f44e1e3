// The picture: a place holder until the canvas modules are merged.

export class Picture {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("../document.js").Doc} doc
   * @param {import("../store.js").Store} store
   */
  constructor(canvas, doc, store) {
    this.canvas = canvas;
    this.doc = doc;
    this.store = store;
  }
}
