// Words for people: times, numbers, lists, and texts that hide nothing.

const SECOND = 1_000_000;
const LARGER = /** @type {[string, number][]} */ ([
  ["d", 86_400 * SECOND],
  ["h", 3_600 * SECOND],
  ["min", 60 * SECOND],
]);

/**
 * A point in time as `h:mm:ss.mmm`, hours only when there are any.
 * @param {number} time in microseconds
 */
export function clock(time) {
  const thousandths = Math.floor(time / 1000);
  const minutes = Math.floor(thousandths / 60_000);
  const rest = thousandths % 60_000;
  const seconds = `${pad(Math.floor(rest / 1000), 2)}.${pad(rest % 1000, 3)}`;
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${pad(minutes % 60, 2)}:${seconds}` : `${minutes}:${seconds}`;
}

/**
 * The same as exactly as steps of that length need it: `1:05` for whole seconds.
 * @param {number} time in microseconds @param {number} step in microseconds
 */
export function roundClock(time, step) {
  const digits = step % SECOND ? Math.ceil(6 - Math.log10(Math.max(step, 1000))) : 0;
  const whole = clock(time);
  return digits ? whole.slice(0, whole.length - 3 + Math.min(3, digits)) : whole.slice(0, -4);
}

/**
 * A duration such as `2min 7s`, exactly.
 * @param {number} microseconds
 */
export function duration(microseconds) {
  const parts = [];
  let rest = microseconds;
  for (const [unit, size] of LARGER) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  if (rest >= SECOND || (rest && parts.length)) parts.push(`${decimal(rest, SECOND, 6)}s`);
  else if (rest >= 1000) parts.push(`${decimal(rest, 1000, 3)}ms`);
  else if (rest) parts.push(`${rest}us`);
  return parts.join(" ") || "0s";
}

/** @param {number} value @param {number} unit @param {number} digits */
function decimal(value, unit, digits) {
  const rest = value % unit;
  const whole = String(Math.floor(value / unit));
  return rest ? `${whole}.${pad(rest, digits)}`.replace(/0+$/, "") : whole;
}

/** @param {number} number @param {number} digits */
function pad(number, digits) {
  return String(number).padStart(digits, "0");
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** @param {readonly string[]} parts `a, b and c` */
export function listed(parts) {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

/**
 * The text with every character that would act or not be seen as its escape.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\u034f\u115f\u1160\u2800\u3164\uffa0\ufe00-\ufe0f]/gu, escaped);
}

/** @param {string} character */
function escaped(character) {
  if (character === "\n" || character === "\t") return character;
  return `\\u{${/** @type {number} */ (character.codePointAt(0)).toString(16)}}`;
}
