// Chains of causes that go round: a client that dials, fails, waits and dials again.
// The same rounds that `explain` folds (sim/telling/rounds.py).

const LONGEST = 8;
const FEWEST = 4;

/** @typedef {{start: number, length: number, times: number}} Round */

/**
 * What comes again and again, in order.
 * @param {readonly string[]} keys what each link of the chain says, and of whom
 * @returns {Round[]}
 */
export function roundsOf(keys) {
  const found = [];
  let start = 0;
  while (start < keys.length) {
    const best = bestRound(keys, start);
    if (best.times >= FEWEST) {
      found.push(best);
      start = best.start + best.length * best.times;
    } else {
      start += 1;
    }
  }
  return found;
}

/** @param {readonly string[]} keys @param {number} start */
function bestRound(keys, start) {
  let best = roundAt(keys, start, 1);
  for (let length = 2; length <= LONGEST; length++) {
    const other = roundAt(keys, start, length);
    if (hiddenBy(other) > hiddenBy(best)) best = other;
  }
  return best;
}

/** @param {readonly string[]} keys @param {number} start @param {number} length @returns {Round} */
function roundAt(keys, start, length) {
  if (start + length > keys.length) return { start, length, times: 0 };
  let end = start + length;
  while (end < keys.length && keys[end] === keys[end - length]) end++;
  return { start, length, times: Math.floor((end - start) / length) };
}

/** How many links all rounds but the first and the last are. @param {Round} round */
export function hiddenBy(round) {
  return round.length * (round.times - 2);
}
