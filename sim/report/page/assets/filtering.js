// Which records are shown, and which of them match what is searched for.

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./store.js").Store} Store */

export class Filter {
  /** @param {Doc} doc @param {Store} store */
  constructor(doc, store) {
    this.doc = doc;
    this.store = store;
    /** @type {string[] | null} */
    this.texts = null;
    /** The rows that are shown, in order. */
    this.rows = new Int32Array();
    /** Those of them that match the search. */
    this.matches = new Int32Array();
    this.choose();
    store.on(["people", "kinds", "range", "search"], () => this.choose());
  }

  /** @param {number} row */
  shows(row) {
    const { people, kinds, range } = this.store.state;
    const { time, lane, kind } = this.doc.rows;
    if (people.has(lane[row]) || kinds.has(kind[row])) return false;
    return range === null || (time[row] >= range[0] && time[row] <= range[1]);
  }

  choose() {
    const rows = Int32Array.from({ length: this.doc.rows.count }, (_, row) => row);
    this.rows = this.isNarrow ? rows.filter((row) => this.shows(row)) : rows;
    const words = this.store.state.search.toLowerCase().split(/\s+/).filter(Boolean);
    this.matches = words.length ? this.rows.filter((row) => this.has(row, words)) : new Int32Array();
  }

  get isNarrow() {
    const { people, kinds, range } = this.store.state;
    return people.size > 0 || kinds.size > 0 || range !== null;
  }

  /** @param {number} row @param {string[]} words */
  has(row, words) {
    this.texts ??= searchable(this.doc);
    const text = this.texts[row];
    return words.every((word) => text.includes(word));
  }
}

/** @param {Doc} doc */
function searchable(doc) {
  const { words, rows } = doc;
  return Array.from({ length: rows.count }, (_, row) =>
    [
      rows.seq[row] ? `#${rows.seq[row]}` : "",
      words[rows.client[row]],
      words[rows.object[row]],
      words[rows.kind[row]],
      words[rows.name[row]],
      rows.reason[row] < 0 ? "" : words[rows.reason[row]],
      rows.thing[row] < 0 ? "" : words[rows.thing[row]],
      doc.told(row),
    ]
      .join(" ")
      .toLowerCase(),
  );
}

/**
 * The first place in a sorted column whose value is not below the given one.
 * @param {ArrayLike<number>} column @param {number} value
 */
export function lowerBound(column, value) {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The first place in a sorted column whose value is above the given one.
 * @param {ArrayLike<number>} column @param {number} value
 */
export function upperBound(column, value) {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
