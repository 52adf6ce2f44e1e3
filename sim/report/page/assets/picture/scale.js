// Time to pixels and back. Idle stretches are folded: each is at most so many pixels wide, whatever its length.
import { lowerBound, upperBound } from "../filtering.js";

/** The most pixels that a folded stretch takes, */
const FOLD = 52;
/** and the share of the picture that all of them take together when everything is shown. */
const FOLDED_SHARE = 0.45;
/** The closest look: pixels of a microsecond. */
const CLOSEST = 0.6;
/** What is shown around a stretch when nothing but its inside is asked for, in microseconds. */
const BESIDE = 250_000;

/** What is nearer than this to an end of the story is at it, in pixels. */
const EXACT = 1e-6;

/** @typedef {{began: number, ended: number, left: number, right: number}} Fold */

/**
 * The stretches of a document, for one width of the picture.
 *
 * A place is a number of pixels from time 0 at some `density` (pixels of a microsecond where time is not folded).
 */
export class Folds {
  /**
   * @param {[number, number][]} stretches in order, apart from each other
   * @param {number} ended the end of the story, in microseconds
   * @param {number} width pixels
   */
  constructor(stretches, ended, width) {
    this.began = Float64Array.from(stretches, ([began]) => began);
    this.ended = Float64Array.from(stretches, ([, ended]) => ended);
    this.end = Math.max(ended, 1);
    this.width = Math.max(width, 1);
    this.least = stretches.length ? Math.min(FOLD, (FOLDED_SHARE * this.width) / stretches.length) : 0;
    this.fitted = this.solved(0, this.end, () => this.least);
  }

  /** How wide a fold may be. When they are too many to have room, they grow as one looks closer. @param {number} density */
  limit(density) {
    return Math.min(FOLD, this.least * Math.max(1, density / this.fitted));
  }

  /** The place of each stretch's beginning. @param {number} density */
  places(density) {
    const limit = this.limit(density);
    const places = new Float64Array(this.began.length);
    let excess = 0;
    for (let fold = 0; fold < places.length; fold++) {
      places[fold] = this.began[fold] * density - excess;
      excess += Math.max(0, (this.ended[fold] - this.began[fold]) * density - limit);
    }
    return places;
  }

  /** The density at which from … to fills the width. @param {number} from @param {number} to */
  density(from, to) {
    return Math.max(this.fitted, this.solved(from, to, (density) => this.limit(density)));
  }

  /**
   * Bisection: the width of a range grows with the density.
   * @param {number} from @param {number} to @param {(density: number) => number} limit
   */
  solved(from, to, limit) {
    const [first, end] = [upperBound(this.ended, from), lowerBound(this.began, to)];
    let low = Math.log(this.width / (to - from));
    let high = Math.max(low, Math.log(CLOSEST));
    for (let step = 0; step < 60 && high - low > 1e-13; step++) {
      const middle = (low + high) / 2;
      const density = Math.exp(middle);
      if (this.widthOf(from, to, first, end, density, limit(density)) < this.width) low = middle;
      else high = middle;
    }
    return Math.exp(high);
  }

  /**
   * @param {number} from @param {number} to @param {number} first the first stretch in sight @param {number} end
   * @param {number} density @param {number} limit
   */
  widthOf(from, to, first, end, density, limit) {
    let width = (to - from) * density;
    for (let fold = first; fold < end; fold++) {
      const length = this.ended[fold] - this.began[fold];
      const seen = Math.min(to, this.ended[fold]) - Math.max(from, this.began[fold]);
      width -= (Math.max(0, length * density - limit) * seen) / length;
    }
    return width;
  }

  /**
   * A range that can be shown: inside the story, not too short, and not inside one stretch alone.
   * @param {number} from @param {number} to @returns {[number, number]}
   */
  clamped(from, to) {
    const shortest = Math.min(this.end, this.width / CLOSEST);
    let [left, right] = [Math.min(from, to), Math.max(from, to)];
    const fold = upperBound(this.began, left) - 1;
    if (fold >= 0 && right <= this.ended[fold]) {
      [left, right] = [this.began[fold] - BESIDE, this.ended[fold] + BESIDE];
    } else if (right - left < shortest) {
      const middle = (left + right) / 2;
      [left, right] = [middle - shortest / 2, middle + shortest / 2];
    }
    const length = Math.min(this.end, right - left);
    left = Math.max(0, Math.min(left, this.end - length));
    return [left, left + length];
  }
}

/** What is in sight: the range, the pixels it is drawn on, and the way between them. */
export class Scale {
  /** @param {Folds} folds @param {number} density @param {number} offset the place at the left edge @param {number} left its pixel */
  constructor(folds, density, offset, left) {
    this.folds = folds;
    this.density = density;
    this.places = folds.places(density);
    this.limit = folds.limit(density);
    this.left = left;
    this.right = left + folds.width;
    const last = this.place(folds.end) - folds.width;
    this.offset = Math.max(0, Math.min(offset, last));
    this.from = this.offset < EXACT ? 0 : this.time(this.left);
    this.to = last - this.offset < EXACT ? folds.end : this.time(this.right);
  }

  /** @param {number} time */
  place(time) {
    const { began, ended } = this.folds;
    const fold = upperBound(began, time) - 1;
    if (fold < 0) return time * this.density;
    const length = ended[fold] - began[fold];
    const width = Math.min(this.limit, length * this.density);
    if (time < ended[fold]) return this.places[fold] + (width * (time - began[fold])) / length;
    return this.places[fold] + width + (time - ended[fold]) * this.density;
  }

  /** The pixel of a time. @param {number} time */
  x(time) {
    return this.left + this.place(time) - this.offset;
  }

  /** The time of a pixel. @param {number} x */
  time(x) {
    const place = x - this.left + this.offset;
    const { began, ended } = this.folds;
    const fold = upperBound(this.places, place) - 1;
    if (fold < 0) return place / this.density;
    const length = ended[fold] - began[fold];
    const width = Math.min(this.limit, length * this.density);
    const inside = place - this.places[fold];
    if (inside < width) return began[fold] + (length * inside) / width;
    return ended[fold] + (inside - width) / this.density;
  }

  /** The same moments so many pixels further left. @param {number} pixels */
  panned(pixels) {
    return new Scale(this.folds, this.density, this.offset + pixels, this.left);
  }

  /** Closer (factor above 1) or farther; what is under x stays there. @param {number} factor @param {number} x */
  zoomed(factor, x) {
    const { folds, left } = this;
    const density = Math.max(folds.fitted, Math.min(CLOSEST, this.density * factor));
    const whole = new Scale(folds, density, 0, left);
    return new Scale(folds, density, whole.place(this.time(x)) - (x - left), left);
  }

  /** The stretches in sight that are folded, narrower than they would be. @returns {Fold[]} */
  seen() {
    const { began, ended } = this.folds;
    const seen = [];
    const end = lowerBound(began, this.to);
    for (let fold = upperBound(ended, this.from); fold < end; fold++) {
      if ((ended[fold] - began[fold]) * this.density <= this.limit) continue;
      const left = this.x(began[fold]);
      seen.push({ began: began[fold], ended: ended[fold], left, right: left + this.limit });
    }
    return seen;
  }
}

/**
 * @param {Folds} folds @param {number} from @param {number} to @param {number} left the pixel of `from`
 */
export function createScale(folds, from, to, left) {
  const [first, last] = folds.clamped(from, to);
  const density = folds.density(first, last);
  const whole = new Scale(folds, density, 0, left);
  return new Scale(folds, density, whole.place(first), left);
}
