// Another run beside this one: its picture under this one's, and where the two part.
import { byId, element, fill, link } from "./elements.js";
import { Filter } from "./filtering.js";
import { Navigation } from "./navigation.js";
import { Picture } from "./picture/picture.js";
import { createStore, initialState } from "./store.js";
import { verdictOf } from "./summary.js";
import { WhyPane } from "./why.js";
import { clock } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").State} State */

/** Parting people that are listed at once. */
const MOST_PARTINGS = 12;

/** Pixels that all lanes take at most: a picture is no higher. @param {Doc} doc */
export function heightOf(doc) {
  return doc.lanes.reduce((sum, { tracks }) => sum + 84 + 13 * tracks.length, 60);
}

/**
 * Shows the run that this one is compared with, if there is one.
 * @param {Doc} doc @param {Store} store @param {Navigation} navigation
 */
export function showOther(doc, store, navigation) {
  const { against, comparison } = doc;
  byId("against").hidden = !against;
  if (!against || !comparison) return null;
  const ended = navigation.ended;
  const other = createStore(initialState(ended));
  const filter = new Filter(against, other);
  const there = new Navigation(against, other, filter, ended);
  fill(byId("against-title"), `Compared with ${against.title}`);
  fill(byId("against-verdict"), verdictOf(against));
  fill(byId("against-facts"), `seed ${against.seed}, profile ${against.profile}, version ${against.version}`);
  byId("against-frame").style.setProperty("--lanes", `${heightOf(against)}px`);
  const canvas = /** @type {HTMLCanvasElement} */ (byId("against-picture"));
  const picture = new Picture(canvas, against, other, filter, ended);
  const why = new WhyPane(against, other, filter, there, "other-");
  fill(byId("against-said"), ...comparison.said.map((sentence) => element("li", {}, sentence)));
  showPartings(doc, against, comparison.partings, navigation, there);
  pair(store, other, comparison.partners);
  pair(other, store, inverted(comparison.partners));
  follow(store, other, doc, against);
  follow(other, store, against, doc);
  return { doc: against, store: other, filter, navigation: there, picture, why };
}

// -- where they part -------------------------------------------------------------------------------

/**
 * @param {Doc} doc @param {Doc} against @param {[string, number, number][]} partings
 * @param {Navigation} here @param {Navigation} there
 */
function showPartings(doc, against, partings, here, there) {
  const list = byId("partings");
  const items = partings.map(([person, row, other]) => {
    const go = () => {
      if (other >= 0) there.select(other);
      if (row >= 0) here.jump(doc.rows.time[row], row);
    };
    const words = ` only here ${firstOf(doc, row)}; only there ${firstOf(against, other)}`;
    return element("li", {}, link(person || "the platform", go), words);
  });
  const showAll = () => fill(list, ...items);
  const left = items.length - MOST_PARTINGS;
  const more = left > 0 && element("li", { class: "fold" }, link(`${left} more: show them`, showAll));
  const none = !items.length && element("li", { class: "quiet" }, "Nowhere: the same happens to everybody.");
  fill(list, ...items.slice(0, MOST_PARTINGS), more, none);
}

/** @param {Doc} doc @param {number} row */
function firstOf(doc, row) {
  if (row < 0) return "nothing";
  return `at ${clock(doc.rows.time[row])}, #${doc.rows.seq[row]}: ${doc.told(row)}`;
}

// -- what is the same thing in both ---------------------------------------------------------------

/**
 * Who selects something selects its partner, too, if it has one.
 * @param {Store} store @param {Store} there @param {Map<number, number>} partners
 */
function pair(store, there, partners) {
  store.on(["selected"], ({ selected }) => {
    const partner = selected < 0 ? selected : partners.get(selected);
    if (partner !== undefined) there.set({ selected: partner });
  });
}

/** @param {Map<number, number>} partners */
function inverted(partners) {
  return new Map(Array.from(partners, ([row, other]) => [other, row]));
}

// -- one moves with the other ----------------------------------------------------------------------

/** What is the same in both. @type {(keyof State)[]} */
const IN_STEP = ["from", "to", "cursor", "mark", "range", "search", "unfolded", "theme"];

/**
 * What changes in the one changes in the other.
 * @param {Store} store @param {Store} other @param {Doc} doc @param {Doc} there
 */
function follow(store, other, doc, there) {
  store.on([...IN_STEP, "people", "kinds"], (state, changed) => {
    /** @type {any} */
    const changes = {};
    for (const key of IN_STEP) if (changed.has(key)) changes[key] = state[key];
    if (changed.has("people")) {
      changes.people = translated(state.people, laneNames(doc), other.state.people, laneNames(there));
    }
    if (changed.has("kinds")) {
      changes.kinds = translated(state.kinds, doc.words, other.state.kinds, there.words);
    }
    other.set(changes);
  });
}

/** The lanes by name; nobody is called like the platform. @param {Doc} doc */
function laneNames(doc) {
  return doc.lanes.map((lane) => (lane.platform ? "" : lane.name));
}

/**
 * The other set with the same names in it; of what only the other knows nothing changes. It is the very set
 * that it was if it is the same: nothing has changed then.
 * @param {Set<number>} places @param {string[]} names
 * @param {Set<number>} others @param {string[]} otherNames
 */
function translated(places, names, others, otherNames) {
  const own = [...others].filter((place) => !names.includes(otherNames[place]));
  const same = [...places].map((place) => otherNames.indexOf(names[place])).filter((place) => place >= 0);
  const now = new Set([...own, ...same]);
  return others.size === now.size && [...now].every((place) => others.has(place)) ? others : now;
}
