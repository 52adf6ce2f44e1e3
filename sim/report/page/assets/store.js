// What is shown and selected at the moment: the one thing that all parts of the page share.

/**
 * @typedef {object} State
 * @property {number} from the visible range, in microseconds
 * @property {number} to
 * @property {number | null} cursor the moment that is looked at
 * @property {number | null} mark a second moment, to compare with the cursor
 * @property {number} selected a row, or -1
 * @property {[number, number] | null} range what is looked at alone, from and to
 * @property {Set<number>} people the lanes that are hidden
 * @property {Set<number>} kinds the kinds of records that are hidden, as words
 * @property {string} search
 * @property {boolean} unfolded whether idle stretches are shown at their length
 * @property {"auto" | "light" | "dark"} theme also the `data-theme` of the root element
 */

/** @typedef {keyof State} Key */

/**
 * @typedef {object} Store
 * @property {Readonly<State>} state
 * @property {(changes: Partial<State>) => void} set
 * @property {(keys: Key[], listener: (state: Readonly<State>, changed: Set<Key>) => void) => void} on
 *   the listener is called after one of these keys has changed, once for each `set`
 */

/**
 * Everything in sight, and nothing selected.
 * @param {number} ended
 * @returns {State}
 */
export function initialState(ended) {
  return {
    from: 0,
    to: ended,
    cursor: null,
    mark: null,
    selected: -1,
    range: null,
    people: new Set(),
    kinds: new Set(),
    search: "",
    unfolded: false,
    theme: "auto",
  };
}

/**
 * @param {State} initial
 * @returns {Store}
 */
export function createStore(initial) {
  /** @type {any} */
  const state = { ...initial };
  /** @type {{keys: Key[], listener: (state: Readonly<State>, changed: Set<Key>) => void}[]} */
  const listeners = [];
  /** @type {Set<Key>[]} */
  const waiting = [];
  let isTelling = false;

  /** What a listener sets is told after all have heard of what was set before. */
  function tell() {
    if (isTelling) return;
    isTelling = true;
    try {
      for (let changed = waiting.shift(); changed; changed = waiting.shift()) {
        for (const { keys, listener } of listeners) {
          if (keys.some((key) => changed?.has(key))) listener(state, changed);
        }
      }
    } finally {
      isTelling = false;
    }
  }

  return Object.freeze({
    state,
    set(changes) {
      /** @type {Set<Key>} */
      const changed = new Set();
      for (const [name, value] of Object.entries(changes)) {
        if (Object.is(state[name], value)) continue;
        state[name] = value;
        changed.add(/** @type {Key} */ (name));
      }
      if (changed.size) waiting.push(changed);
      tell();
    },
    on(keys, listener) {
      listeners.push({ keys, listener });
    },
  });
}
