// Why something happened, back to its roots, and what it led to: told in words.
import { byId, element, fill, link } from "./elements.js";
import { hiddenBy, roundsOf } from "./rounds.js";
import { clock, counted, listed } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./navigation.js").Navigation} Navigation */

const MOST_FOLLOWING = 50;
/** Kinds of records that others follow from. */
const STARTING = new Set(["fault", "decision", "quirk"]);
const MOST_STARTS = 8;

export class WhyPane {
  /**
   * @param {Doc} doc @param {Store} store
   * @param {import("./filtering.js").Filter} filter
   * @param {Navigation} navigation
   * @param {string} prefix of the ids of its places in the page
   */
  constructor(doc, store, filter, navigation, prefix = "") {
    this.prefix = prefix;
    this.doc = doc;
    this.store = store;
    this.filter = filter;
    this.navigation = navigation;
    this.unfolded = false;
    this.all = false;
    store.on(["selected"], () => {
      this.unfolded = this.all = false;
    });
    store.on(["selected", "range", "people", "kinds"], () => this.draw());
    this.draw();
  }

  draw() {
    const { selected } = this.store.state;
    const isSomething = selected >= 0;
    this.place("why-empty").hidden = isSomething;
    this.place("why-told").hidden = !isSomething;
    this.place("effects").hidden = !isSomething;
    if (!isSomething) {
      fill(this.place("why-starts"), ...this.starts());
      return;
    }
    fill(this.place("why-list"), ...this.chain(selected));
    fill(this.place("effects-list"), ...this.effects(selected));
  }

  /** @param {string} id */
  place(id) {
    return byId(this.prefix + id);
  }

  /** Where nothing is selected: what broke and what was decided, to begin with. */
  starts() {
    const { rows, words } = this.doc;
    const found = [];
    for (const row of this.filter.rows) {
      if (STARTING.has(words[rows.kind[row]])) found.push(row);
      if (found.length === MOST_STARTS) break;
    }
    return found.map((row) => element("li", { "data-row": row }, ...this.line(row)));
  }

  // -- why it happened ------------------------------------------------------------------------

  /** @param {number} selected */
  chain(selected) {
    const chain = this.doc.chain(selected);
    const lines = /** @type {(HTMLElement | null)[]} */ (
      chain.map((row, place) => this.cause(row, chain[place - 1], row === selected))
    );
    const rounds = this.unfolded ? [] : roundsOf(chain.map((row) => this.key(row)));
    for (const round of rounds) {
      const first = round.start + round.length;
      lines.fill(null, first, first + hiddenBy(round));
      lines[first] = this.fold(hiddenBy(round), round.length);
    }
    return lines;
  }

  /** @param {number} row @param {number | undefined} before @param {boolean} isIt */
  cause(row, before, isIt) {
    const attributes = { class: isIt ? "it" : "", "data-row": row };
    return element("li", attributes, ...this.line(row), this.origins(row, before));
  }

  /**
   * What a record in a chain follows from, where that is not the one before it alone.
   * @param {number} row @param {number | undefined} before
   */
  origins(row, before) {
    const causes = this.doc.causes(row).sort((one, other) => one - other);
    if (before === undefined || (causes.length === 1 && causes[0] === before)) return null;
    const names = causes.map((cause) => `#${this.doc.rows.seq[cause]}`);
    const words = causes.length ? `because of ${listed(names)}` : "nothing led to it";
    return element("span", { class: "because" }, ` (${words})`);
  }

  /** @param {number} hidden @param {number} length */
  fold(hidden, length) {
    const unfold = () => {
      this.unfolded = true;
      this.draw();
    };
    return element("li", { class: "fold" }, link(`… ${hidden} more like the ${length} before: show them`, unfold));
  }

  /** @param {number} row */
  key(row) {
    const { client, object, kind, name } = this.doc.rows;
    return `${client[row]} ${object[row]} ${kind[row]} ${name[row]}`;
  }

  // -- what it led to -------------------------------------------------------------------------

  /** @param {number} selected */
  effects(selected) {
    const effects = this.doc.effects(selected);
    const shown = effects.filter((row) => this.filter.shows(row));
    const numbered = shown.filter((row) => this.doc.rows.seq[row] > 0);
    const some = this.all ? shown : numbered.slice(0, MOST_FOLLOWING);
    const lines = some.map((row) => element("li", { "data-row": row }, ...this.line(row), this.further(row)));
    const note = this.note(effects.length - shown.length, shown.length - some.length);
    return effects.length ? [...lines, ...note] : [element("li", { class: "quiet" }, "Nothing follows from it.")];
  }

  /** @param {number} row */
  further(row) {
    const { length } = this.doc.effects(row);
    return length ? element("span", { class: "because" }, ` (leads to ${length.toLocaleString("en")} more)`) : null;
  }

  /** @param {number} filtered @param {number} cut */
  note(filtered, cut) {
    const showAll = () => {
      this.all = true;
      this.draw();
    };
    const words = `${filtered.toLocaleString("en")} more ${filtered === 1 ? "is" : "are"} hidden by filters.`;
    return [
      cut ? element("li", { class: "fold" }, link(`${counted(cut, "more", "more")}, messages included: show them`, showAll)) : null,
      filtered ? element("li", { class: "quiet" }, words) : null,
    ];
  }

  // -- a record in a line ---------------------------------------------------------------------

  /** @param {number} row */
  line(row) {
    const { rows, words } = this.doc;
    const number = rows.seq[row] ? `#${rows.seq[row]}` : "message";
    const select = () => this.navigation.select(row);
    return [
      link(number, select, { class: "link number" }),
      " ",
      element("span", { class: "when" }, clock(rows.time[row])),
      " ",
      element("b", {}, words[rows.client[row]] || "–"),
      " ",
      element("span", { class: "told" }, this.doc.told(row)),
    ];
  }
}
