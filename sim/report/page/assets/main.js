// The page: reads its document and puts its parts together.
import { readDocument } from "./document.js";
import { Picture } from "./picture/picture.js";
import { createStore } from "./store.js";

async function start() {
  const data = /** @type {HTMLElement} */ (document.getElementById("data"));
  const doc = await readDocument(data.textContent ?? "");
  data.remove();
  const store = createStore({
    from: 0,
    to: doc.ended,
    cursor: null,
    mark: null,
    selected: -1,
    range: null,
    people: new Set(),
    kinds: new Set(),
    search: "",
    unfolded: false,
  });
  /** @type {HTMLElement} */ (document.getElementById("title")).textContent = doc.title;
  const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("picture"));
  const picture = new Picture(canvas, doc, store);
  Object.assign(window, { report: { doc, store, picture } });
}

start();
