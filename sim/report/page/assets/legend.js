// What the colours and patterns of the picture mean.
import { byId, element, fill } from "./elements.js";
import { isPageDark, paintSwatch } from "./picture/looks.js";

/** @typedef {import("./document.js").Doc} Doc */

/** Kind of a track -> its title. @type {Record<string, string>} */
const TITLES = {
  session: "Session",
  publisher: "Publisher",
  subscriber: "Subscribers",
  link: "Link",
  media: "Media",
  connection: "Connections on the platform",
};

/** @param {Doc} doc @param {import("./store.js").Store} store */
export function showLegend(doc, store) {
  const shown = shownStates(doc);
  /** @type {[HTMLCanvasElement, string, string][]} */
  const swatches = [];
  const groups = Object.entries(doc.states).flatMap(([kind, states]) => {
    const present = states.filter((state) => shown.has(`${kind} ${state}`));
    if (!present.length) return [];
    const items = present.map((state) => {
      const swatch = element("canvas", { width: 28, height: 16, "aria-hidden": "true" });
      swatches.push([swatch, kind, state]);
      return element("li", {}, swatch, " ", state);
    });
    return [element("div", {}, element("h3", {}, TITLES[kind] ?? kind), element("ul", {}, ...items))];
  });
  fill(byId("legend-list"), ...groups);
  let isOnPaper = false; // then it is light, also if the media change while it is printed
  const paint = () => {
    const isDark = !isOnPaper && isPageDark();
    for (const [swatch, kind, state] of swatches) paintSwatch(swatch, kind, state, isDark);
  };
  store.on(["theme"], () => paint());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint());
  const print = (/** @type {boolean} */ is) => {
    isOnPaper = is;
    paint();
  };
  window.addEventListener("beforeprint", () => print(true));
  window.addEventListener("afterprint", () => print(false));
  paint();
}

/** The states that this run has been in. @param {Doc} doc */
function shownStates(doc) {
  const shown = new Set();
  for (const { tracks } of doc.lanes) {
    for (const track of tracks) {
      for (const state of new Set(track.state)) shown.add(`${track.kind} ${doc.words[state]}`);
    }
  }
  return shown;
}
