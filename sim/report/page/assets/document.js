// The document of the page: what a run was, in columns. `sim/report/page/packing.py` writes it.

/**
 * @typedef {object} Track One row of bands in a lane: columns, a place for each band.
 * @property {string} kind
 * @property {string} label
 * @property {Float64Array} began in microseconds
 * @property {Float64Array} ended
 * @property {Int32Array} state a word
 * @property {Int32Array} row of the record that began it
 * @property {Int32Array} until the row of the record that ended it, or -1
 */

/**
 * @typedef {object} Lane One person, or the platform.
 * @property {string} name
 * @property {string} role
 * @property {boolean} platform
 * @property {Track[]} tracks
 */

/**
 * @typedef {object} Rows The records: columns, a place for each.
 * @property {number} count
 * @property {Float64Array} time in microseconds
 * @property {Int32Array} seq the record's number; 0 for a finer one
 * @property {Int32Array} lane
 * @property {Int32Array} client a word: the person, or ""
 * @property {Int32Array} object a word
 * @property {Int32Array} kind a word
 * @property {Int32Array} name a word
 * @property {Int32Array} reason a word, or -1
 * @property {Int32Array} thing a word, or -1: the stream, connection or element it is about
 * @property {Int32Array} whose a word, or -1: the connection of the stream; how a link fails
 * @property {Int32Array} cause a row, or -1
 */

/**
 * @typedef {object} Arrows
 * @property {Int32Array} source a lane
 * @property {Int32Array} target a lane
 * @property {Float64Array} sent
 * @property {Float64Array} got -1 if it was lost
 * @property {Int32Array} row
 * @property {Int32Array} label a word
 * @property {Int32Array} frame 1 if it is a frame of a socket
 */

/**
 * @typedef {object} Shades
 * @property {Int32Array} lane
 * @property {Float64Array} began
 * @property {Float64Array} ended
 * @property {Int32Array} label a word
 * @property {Int32Array} row
 */

/** @typedef {{kind: string, name: string, sentence: string, time: number, row: number, expected: boolean}} Finding */

/**
 * @typedef {object} Comparison of this run, which is the left one, with the other
 * @property {string[]} said sentences
 * @property {[string, number, number][]} partings a person, and the first rows that only this run and only the other has; -1 for none
 * @property {Map<number, number>} partners row -> the row of the other that tells of the same thing
 */

/**
 * @typedef {object} Doc
 * @property {string} title
 * @property {string} about
 * @property {string} seed
 * @property {string} replication
 * @property {string} profile
 * @property {string} version
 * @property {string} digest
 * @property {string} token
 * @property {string} again
 * @property {string} scenario
 * @property {string} level
 * @property {number} ended
 * @property {string[]} warnings
 * @property {Record<string, string[]>} states kind of a track -> its states, in the legend's order
 * @property {string[]} words
 * @property {Lane[]} lanes
 * @property {Rows} rows
 * @property {Arrows} arrows
 * @property {Shades} shades
 * @property {Finding[]} findings
 * @property {Record<string, string>} laws
 * @property {[string, boolean][]} expectations
 * @property {[number, number][]} stretches
 * @property {Doc | null} against the run that this one is compared with
 * @property {Comparison | null} comparison
 * @property {Uint8Array | null} alone of each row whether only this run has it; null where no run is compared
 * @property {(row: number) => string} told what the story says of it
 * @property {(row: number) => number[]} causes what it directly follows from: its cause, then further ones
 * @property {(row: number) => number[]} effects what directly follows from it
 * @property {(row: number) => number[]} chain its causes back to the roots, in order, and itself last
 */

/**
 * A document as it stands in the page, as plain data.
 * @param {string} packed base64 of the compressed document
 * @returns {Promise<any>}
 */
export async function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed.trim()), (letter) => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(plain).text());
}

/**
 * @param {any} raw the document as packing.py wrote it
 * @param {Iterable<number> | null} [paired] the rows that a run has, too, which this one is compared with
 * @returns {Doc}
 */
export function decodeDocument(raw, paired = null) {
  if (raw.format !== 1) throw new Error(`This page cannot read a document of format ${raw.format}.`);
  const lanes = raw.lanes.map(decodeLane);
  const rows = decodeRows(raw.rows, lanes, raw.words);
  const effects = reversed(rows.cause, raw.rows.besides);
  const starts = numberStarts(raw.words, raw.rows.told);
  /** @param {number} row */
  const causes = (row) => {
    const cause = rows.cause[row] < 0 ? [] : [rows.cause[row]];
    return cause.concat(raw.rows.besides[row] ?? []);
  };
  const comparison = raw.comparison && decodeComparison(raw.comparison);
  const shared = comparison ? comparison.partners.keys() : paired;
  /** @type {Doc} */
  const doc = {
    ...raw,
    rows,
    lanes,
    arrows: decodeArrows(raw.arrows, rows.time),
    shades: decodeShades(raw.shades),
    against: raw.against && decodeDocument(raw.against, comparison.partners.values()),
    comparison,
    alone: shared && unpaired(rows.seq, shared),
    told: (row) => filled(raw.words[raw.rows.told[row]], raw.rows.numbers, starts[row]),
    causes,
    effects: (row) => effects.get(row) ?? [],
    chain: (row) => chainOf(row, causes),
  };
  return Object.freeze(doc);
}

/** @param {any} raw @param {Lane[]} lanes @param {string[]} words @returns {Rows} */
function decodeRows(raw, lanes, words) {
  const count = raw.time.length;
  const names = lanes.map((lane) => words.indexOf(lane.name));
  const seq = new Int32Array(count);
  const cause = new Int32Array(count);
  let last = 0;
  for (let row = 0; row < count; row++) {
    if (raw.seq[row] >= 0) seq[row] = last += raw.seq[row] + 1;
    cause[row] = raw.cause[row] === 0 ? -1 : row - raw.cause[row];
  }
  return Object.freeze({
    count,
    time: summed(raw.time),
    seq,
    cause,
    lane: Int32Array.from(raw.lane),
    client: Int32Array.from(raw.client, (word, row) => (word < 0 ? names[raw.lane[row]] : word)),
    object: Int32Array.from(raw.object),
    kind: Int32Array.from(raw.kind),
    name: Int32Array.from(raw.name),
    reason: Int32Array.from(raw.reason),
    thing: Int32Array.from(raw.thing),
    whose: Int32Array.from(raw.whose),
  });
}

/** @param {any} raw @returns {Lane} */
function decodeLane(raw) {
  return Object.freeze({ ...raw, tracks: raw.tracks.map(decodeTrack) });
}

/** @param {any} raw @returns {Track} */
function decodeTrack(raw) {
  const began = summed(raw.began);
  return Object.freeze({
    kind: raw.kind,
    label: raw.label,
    began,
    ended: began.map((time, band) => time + raw.ended[band]),
    state: Int32Array.from(raw.state),
    row: Int32Array.from(raw.row),
    until: Int32Array.from(raw.until),
  });
}

/** @param {any} raw @param {Float64Array} times of the rows @returns {Arrows} */
function decodeArrows(raw, times) {
  const sent = summed(raw.sent);
  const row = Int32Array.from(summed(raw.row));
  return Object.freeze({
    source: Int32Array.from(raw.source),
    target: Int32Array.from(raw.target),
    sent,
    got: sent.map((_, arrow) => (raw.lost[arrow] ? -1 : times[row[arrow]] + raw.late[arrow])),
    row,
    label: Int32Array.from(raw.label),
    frame: Int32Array.from(raw.frame),
  });
}

/** Of each row whether it is of the story, and not one of these. @param {Int32Array} seq @param {Iterable<number>} paired */
function unpaired(seq, paired) {
  const alone = Uint8Array.from(seq, (number) => Number(number > 0));
  for (const row of paired) alone[row] = 0;
  return alone;
}

/** @param {any} raw @returns {Comparison} */
function decodeComparison({ said, partings, left, right }) {
  const others = summed(right);
  /** @type {Map<number, number>} */
  const partners = new Map();
  summed(left).forEach((row, place) => partners.set(row, others[place]));
  return Object.freeze({ said, partings, partners });
}

/** @param {any} raw @returns {Shades} */
function decodeShades(raw) {
  const began = summed(raw.began);
  return Object.freeze({
    lane: Int32Array.from(raw.lane),
    began,
    ended: began.map((time, shade) => time + raw.ended[shade]),
    label: Int32Array.from(raw.label),
    row: Int32Array.from(raw.row),
  });
}

/** @param {number[]} steps @returns {Float64Array} */
function summed(steps) {
  let sum = 0;
  return Float64Array.from(steps, (step) => (sum += step));
}

/**
 * Row -> what directly follows from it, in order.
 * @param {Int32Array} cause @param {Record<string, number[]>} besides
 */
function reversed(cause, besides) {
  /** @type {Map<number, number[]>} */
  const found = new Map();
  /** @param {number} source @param {number} row */
  const add = (source, row) => {
    const list = found.get(source);
    if (list) list.push(row);
    else found.set(source, [row]);
  };
  for (let row = 0; row < cause.length; row++) {
    if (cause[row] >= 0) add(cause[row], row);
    for (const source of besides[row] ?? []) add(source, row);
  }
  return found;
}

/** @param {number} row @param {(row: number) => number[]} causes */
function chainOf(row, causes) {
  const seen = new Set([row]);
  for (const each of seen) for (const cause of causes(each)) seen.add(cause);
  return Array.from(seen).sort((one, other) => one - other);
}

/**
 * Where the numbers of each row's text begin.
 * @param {string[]} words @param {number[]} patterns
 */
function numberStarts(words, patterns) {
  const starts = new Int32Array(patterns.length);
  /** @type {Map<number, number>} */
  const holes = new Map();
  let start = 0;
  patterns.forEach((pattern, row) => {
    starts[row] = start;
    let count = holes.get(pattern);
    if (count === undefined) holes.set(pattern, (count = words[pattern].split("\0").length - 1));
    start += count;
  });
  return starts;
}

/** @param {string} pattern @param {(number | string)[]} numbers @param {number} start */
function filled(pattern, numbers, start) {
  let place = start;
  return pattern.replace(/\0/g, () => String(numbers[place++]));
}
