// How everything stood at a moment: who sees whom, what is in each page, what each app was told.
import { upperBound } from "./filtering.js";

/** @typedef {import("./document.js").Doc} Doc */

/**
 * @typedef {object} View What one client believes and shows.
 * @property {string} own its connection, "" before it has one
 * @property {Set<string> | null} known connections; null while it is in no session
 * @property {Set<string>} streams of others
 * @property {Set<string>} elements in its page
 * @property {boolean} gone whether its page is closed or has crashed
 * @property {number} told the row of what its app was told last, or -1
 */

/**
 * @typedef {object} Moment
 * @property {number} time
 * @property {Map<string, {client: string, lost: boolean}>} connections what the platform has
 * @property {Map<string, string>} streams stream -> its connection, on the platform
 * @property {Map<string, View>} views
 */

/** As many rows take a few milliseconds. */
const SPACING = 16_384;

export class Moments {
  /** @param {Doc} doc @param {number} spacing rows between two states that are kept */
  constructor(doc, spacing = SPACING) {
    this.doc = doc;
    this.spacing = spacing;
    /** @type {Moment[]} The states before rows 0, spacing, 2 * spacing, … as far as asked for. */
    this.kept = [{ time: 0, connections: new Map(), streams: new Map(), views: new Map() }];
    /** @type {Map<string, Set<string>>} person -> all the connections it ever had */
    this.all = new Map();
    /** @type {Map<string, string>} connection -> person */
    this.persons = new Map();
    this.introduce();
  }

  introduce() {
    const { rows, words } = this.doc;
    const joined = words.indexOf("joined");
    for (let row = 0; row < rows.count; row++) {
      if (rows.name[row] !== joined || rows.thing[row] < 0) continue;
      const person = words[rows.client[row]];
      this.all.set(person, (this.all.get(person) ?? new Set()).add(words[rows.thing[row]]));
      this.persons.set(words[rows.thing[row]], person);
    }
  }

  /** The name of its person, if that is clear; else its own. @param {string} connection */
  called(connection) {
    const person = this.persons.get(connection);
    return person !== undefined && this.all.get(person)?.size === 1 ? person : connection;
  }

  /** How things stand when all that happens at that time has happened. @param {number} time */
  at(time) {
    const end = upperBound(this.doc.rows.time, time);
    const place = Math.floor(end / this.spacing);
    const moment = copied(this.before(place));
    for (let row = place * this.spacing; row < end; row++) this.pass(moment, row);
    moment.time = time;
    return moment;
  }

  /** @param {number} place @returns {Moment} */
  before(place) {
    while (this.kept.length <= place) {
      const first = (this.kept.length - 1) * this.spacing;
      const moment = copied(this.kept[this.kept.length - 1]);
      for (let row = first; row < first + this.spacing; row++) this.pass(moment, row);
      this.kept.push(moment);
    }
    return this.kept[place];
  }

  /** @param {Moment} moment @param {number} row */
  pass(moment, row) {
    const { rows, words } = this.doc;
    const kind = words[rows.kind[row]];
    const change = CHANGES[`${words[rows.object[row]]} ${kind} ${words[rows.name[row]]}`];
    if (!change && kind !== "event") return;
    const client = words[rows.client[row]] ?? "";
    let view = moment.views.get(client);
    if (!view) moment.views.set(client, (view = unseen()));
    if (kind === "event") view.told = row;
    const thing = rows.thing[row] < 0 ? "" : words[rows.thing[row]];
    const whose = rows.whose[row] < 0 ? "" : words[rows.whose[row]];
    change?.(view, moment, thing, { client, whose });
  }
}

/** @typedef {(view: View, moment: Moment, thing: string, of: {client: string, whose: string}) => void} Change */

/** @type {Record<string, Change>} Object, kind and name of a record -> what it changes. */
const CHANGES = {
  "session event sessionConnected": (view, _, own) => {
    Object.assign(view, { own, known: new Set([own]), streams: new Set(), gone: false });
  },
  "session event sessionDisconnected": (view) => void leave(view),
  "session event connectionCreated": (view, _, thing) => void view.known?.add(thing),
  "session event connectionDestroyed": (view, _, thing) => void view.known?.delete(thing),
  "session event streamCreated": (view, _, thing) => void view.streams.add(thing),
  "session event streamDestroyed": (view, _, thing) => void view.streams.delete(thing),
  "session call connect": (view) => void (view.gone = false),
  "page state inserted": (view, _, thing) => void view.elements.add(thing),
  "page state removed": (view, _, thing) => void view.elements.delete(thing),
  "browser fault crash": (view) => void close(view),
  "browser call closeBrowser": (view) => void close(view),
  "platform state joined": (_, moment, thing, { client }) =>
    void moment.connections.set(thing, { client, lost: false }),
  "platform state lost": (_, moment, thing, { client }) =>
    void moment.connections.set(thing, { client, lost: true }),
  "platform state back": (_, moment, thing, { client }) =>
    void moment.connections.set(thing, { client, lost: false }),
  "platform state left": (_, moment, thing) => void moment.connections.delete(thing),
  "platform state published": (_, moment, thing, { whose }) =>
    void moment.streams.set(thing, whose),
  "platform state unpublished": (_, moment, thing) => void moment.streams.delete(thing),
};

/** @returns {View} */
function unseen() {
  return { own: "", known: null, streams: new Set(), elements: new Set(), gone: false, told: -1 };
}

/** @param {View} view */
function leave(view) {
  view.known = null;
  view.streams.clear();
}

/** @param {View} view */
function close(view) {
  leave(view);
  view.elements.clear();
  view.gone = true;
}

/** @param {Moment} moment @returns {Moment} */
function copied(moment) {
  const views = new Map();
  for (const [client, view] of moment.views) {
    views.set(client, {
      ...view,
      known: view.known && new Set(view.known),
      streams: new Set(view.streams),
      elements: new Set(view.elements),
    });
  }
  return {
    time: moment.time,
    connections: new Map(moment.connections),
    streams: new Map(moment.streams),
    views,
  };
}

/**
 * The state of a track at a moment, as a word's place; -1 where it has no band.
 * @param {import("./document.js").Track} track @param {number} time
 */
export function stateAt(track, time) {
  const band = upperBound(track.began, time) - 1;
  if (band < 0) return -1;
  const isOpen = track.until[band] < 0;
  return track.ended[band] > time || (isOpen && track.ended[band] >= time) ? track.state[band] : -1;
}
