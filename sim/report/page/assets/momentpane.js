// The pane of a moment: how everybody stands at the cursor; with a second moment, before and after.
import { byId, element, fill, oncePerFrame } from "./elements.js";
import { Moments } from "./moments.js";
import { ASKED, answerOf, momentTitle, standingOf } from "./standing.js";
import { clock } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./standing.js").Standing} Standing */

/** What the platform is asked instead. @type {Partial<Record<keyof Standing, string>>} */
const PLATFORM_ASKED = { sees: "Has", page: "Streams" };

export class MomentPane {
  /** @param {Doc} doc @param {Store} store */
  constructor(doc, store) {
    this.doc = doc;
    this.store = store;
    this.moments = new Moments(doc);
    /** Of each run, as they were made. */
    this.made = new Map([[doc, this.moments]]);
    this.draw = oncePerFrame(() => this.render());
    this.differences = /** @type {HTMLInputElement} */ (byId("moment-differences"));
    this.differences.addEventListener("change", this.draw);
    byId("moment-keep").addEventListener("click", () => this.keep());
    byId("moment-clear").addEventListener("click", () => this.store.set({ mark: null, range: null }));
    this.listen(store);
    this.draw();
  }

  /** @param {Store} store */
  listen(store) {
    store.on(["cursor", "mark", "people", "range"], this.draw);
  }

  /** Shows another run from now on. @param {import("./sides.js").Side} side */
  turn({ doc, store }) {
    this.moments = this.made.get(doc) ?? new Moments(doc);
    this.made.set(doc, this.moments);
    Object.assign(this, { doc, store });
    this.draw();
  }

  /** The moment that is looked at: the cursor's, else the end. */
  get time() {
    return this.store.state.cursor ?? this.doc.ended;
  }

  /** Two moments to compare, if there are two: the ends of the selected time, or mark and cursor. */
  get pair() {
    const { range, mark } = this.store.state;
    if (mark !== null) return [Math.min(mark, this.time), Math.max(mark, this.time)];
    return range;
  }

  /** Lets the second moment be this one; the cursor may go elsewhere. */
  keep() {
    this.store.set({ mark: this.time });
  }

  render() {
    const { pair } = this;
    byId("moment-clear").hidden = byId("moment-only").hidden = !pair;
    if (pair) this.compare(pair[0], pair[1]);
    else this.show(this.time);
  }

  get lanes() {
    const { people } = this.store.state;
    return this.doc.lanes.map((_, lane) => lane).filter((lane) => !people.has(lane));
  }

  // -- one moment -----------------------------------------------------------------------------

  /** @param {number} time */
  show(time) {
    const moment = this.moments.at(time);
    fill(byId("moment-title"), `At ${momentTitle(time, this.doc.ended)}`);
    const titles = ["Who", ...ASKED.map(([, title]) => title)];
    fill(byId("moment-head"), ...titles.map((title) => element("th", { scope: "col" }, title)));
    const lines = this.lanes.map((lane) => this.line(lane, standingOf(this.doc, this.moments, moment, lane)));
    fill(byId("moment-body"), ...lines);
  }

  /** @param {number} lane @param {Standing} standing */
  line(lane, standing) {
    return element("tr", {}, this.who(lane), ...ASKED.map(([asked]) => element("td", {}, ...answer(standing, asked))));
  }

  /** @param {number} lane */
  who(lane) {
    const { name, platform } = this.doc.lanes[lane];
    return element("th", { scope: "row" }, platform ? "the platform" : name);
  }

  // -- before and after -----------------------------------------------------------------------

  /** @param {number} before @param {number} after */
  compare(before, after) {
    const [first, second] = [this.moments.at(before), this.moments.at(after)];
    fill(byId("moment-title"), `Before, at ${clock(before)}, and after, at ${momentTitle(after, this.doc.ended)}`);
    const titles = ["Who", "What", `Before (${clock(before)})`, `After (${clock(after)})`];
    fill(byId("moment-head"), ...titles.map((title) => element("th", { scope: "col" }, title)));
    const lines = this.lanes.flatMap((lane) =>
      this.pairOf(
        lane,
        standingOf(this.doc, this.moments, first, lane),
        standingOf(this.doc, this.moments, second, lane),
      ),
    );
    const nothing = element("tr", {}, element("td", { colspan: 4, class: "quiet" }, "Nothing differs."));
    fill(byId("moment-body"), ...(lines.length ? lines : [nothing]));
  }

  /** @param {number} lane @param {Standing} before @param {Standing} after */
  pairOf(lane, before, after) {
    return ASKED.flatMap(([asked, title]) => {
      const isSame = comparable(before, asked) === comparable(after, asked);
      if (isSame && (this.differences.checked || answerOf(before, asked) === "")) return [];
      return element(
        "tr",
        { class: isSame ? "" : "differs" },
        this.who(lane),
        element("td", {}, this.doc.lanes[lane].platform ? (PLATFORM_ASKED[asked] ?? title) : title),
        element("td", {}, isSame ? null : mark("−"), ...answer(before, asked, after)),
        element("td", {}, isSame ? null : mark("+"), ...answer(after, asked, before)),
      );
    });
  }
}

/** What differs if it differs: not how long ago it was. @param {Standing} standing @param {keyof Standing} asked */
function comparable(standing, asked) {
  const text = answerOf(standing, asked);
  return asked === "told" ? text.replace(/, (\S+ )*before$|, just now$/, "") : text;
}

/** @param {string} sign */
function mark(sign) {
  return element("span", { class: "sign" }, `${sign} `);
}

/**
 * An answer in words; what is not in the other answer stands out.
 * @param {Standing} standing @param {keyof Standing} asked @param {Standing} [other]
 */
function answer(standing, asked, other) {
  const said = standing[asked];
  if (typeof said === "string") return [said || "–"];
  if (!said.length) return ["–"];
  const there = other ? other[asked] : said;
  const known = new Set(typeof there === "string" ? [] : there.map((part) => part.text));
  return said.flatMap((part, place) => [place ? ", " : null, words(part, !known.has(part.text))]);
}

/** @param {import("./standing.js").Part} part @param {boolean} isNew */
function words(part, isNew) {
  if (part.wrong) return element("strong", { class: "wrong" }, part.text);
  return isNew ? element("b", {}, part.text) : part.text;
}
