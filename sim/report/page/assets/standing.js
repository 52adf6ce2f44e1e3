// How one person stood at a moment, in words: what the pane of a moment shows.
import { stateAt } from "./moments.js";
import { clock, duration } from "./wording.js";

/** @typedef {import("./document.js").Doc} Doc */
/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./moments.js").Moments} Moments */

/** @typedef {{text: string, wrong: boolean}} Part A few words; wrong where the platform knows better. */

/**
 * @typedef {object} Standing
 * @property {string} session
 * @property {string} link
 * @property {Part[]} sees
 * @property {Part[]} page
 * @property {string} told
 */

/** What is asked of everybody: the name of each answer -> the title of its column. */
export const ASKED = /** @type {[keyof Standing, string][]} */ ([
  ["session", "Session"],
  ["link", "Link"],
  ["sees", "Sees"],
  ["page", "In its page"],
  ["told", "Its app was told last"],
]);

/** Names that are written out one by one; more of them are counted. */
const MOST_NAMES = 8;

/**
 * @param {Doc} doc @param {Moments} moments @param {Moment} moment @param {number} lane
 * @returns {Standing}
 */
export function standingOf(doc, moments, moment, lane) {
  const { name, platform, tracks } = doc.lanes[lane];
  if (platform) return platformStanding(moments, moment);
  const view = moment.views.get(name);
  return {
    session: view?.gone ? "page closed" : states(doc, tracks, "session", moment.time) || "not there",
    link: [states(doc, tracks, "link", moment.time), states(doc, tracks, "media", moment.time) && "media cut"]
      .filter(Boolean)
      .join(", "),
    sees: view?.known ? seen(moments, moment, view.known) : [],
    page: view ? pageOf(doc, tracks, moment.time, view.elements) : [],
    told: view && view.told >= 0 ? toldOf(doc, view.told, moment.time) : "",
  };
}

/** @param {Moments} moments @param {Moment} moment @returns {Standing} */
function platformStanding(moments, moment) {
  const parts = Array.from(moment.connections, ([connection, { lost }]) => ({
    text: moments.called(connection) + (lost ? " (out of touch)" : ""),
    wrong: false,
  }));
  const streams = Array.from(moment.streams.keys(), (stream) => ({ text: `stream ${stream}`, wrong: false }));
  return { session: "", link: "", sees: parts, page: streams, told: "" };
}

/**
 * Whom a client believes in, and where it is wrong.
 * @param {Moments} moments @param {Moment} moment @param {Set<string>} known
 * @returns {Part[]}
 */
function seen(moments, moment, known) {
  const right = [...known].filter((each) => moment.connections.has(each)).map((each) => moments.called(each));
  const ghosts = [...known].filter((each) => !moment.connections.has(each));
  const missed = [...moment.connections.keys()].filter((each) => !known.has(each));
  const isAll = !missed.length && right.length > MOST_NAMES;
  const names = isAll || right.length > 2 * MOST_NAMES ? [`${isAll ? "all " : ""}${right.length} of the platform's`] : right;
  return [
    ...names.map((text) => ({ text, wrong: false })),
    ...ghosts.map((each) => ({ text: `still ${moments.called(each)}`, wrong: true })),
    ...missed.map((each) => ({ text: `not ${moments.called(each)}`, wrong: true })),
  ];
}

/**
 * @param {Doc} doc @param {import("./document.js").Track[]} tracks @param {number} time @param {Set<string>} elements
 */
function pageOf(doc, tracks, time, elements) {
  return [...elements].map((label) => {
    const track = tracks.find((each) => each.label === label);
    const state = track ? stateAt(track, time) : -1;
    return { text: state < 0 ? label : `${label} ${doc.words[state]}`, wrong: false };
  });
}

/** @param {Doc} doc @param {import("./document.js").Track[]} tracks @param {string} kind @param {number} time */
function states(doc, tracks, kind, time) {
  return tracks
    .filter((track) => track.kind === kind)
    .map((track) => stateAt(track, time))
    .filter((state) => state >= 0)
    .map((state) => doc.words[state])
    .join(", ");
}

/** @param {Doc} doc @param {number} row @param {number} time */
function toldOf(doc, row, time) {
  const ago = time - doc.rows.time[row];
  return `${doc.told(row)}, ${ago ? `${duration(Math.round(ago / 1000) * 1000)} before` : "just now"}`;
}

/** @param {Standing} standing @param {keyof Standing} asked */
export function answerOf(standing, asked) {
  const answer = standing[asked];
  return typeof answer === "string" ? answer : answer.map((part) => part.text).join(", ");
}

/** @param {number} time @param {number} ended */
export function momentTitle(time, ended) {
  return time >= ended ? `${clock(time)}, the end` : clock(time);
}
