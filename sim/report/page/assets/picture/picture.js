// The picture of a run: lanes, states, messages, faults and events over time, drawn on a canvas when something changed.
import { Filter } from "../filtering.js";
import { drawArrows, indexArrows } from "./arrows.js";
import { drawAxis, drawFolds, drawGrid } from "./axis.js";
import { drawBands, drawStates } from "./bands.js";
import { drawChain } from "./chain.js";
import { drawCursors, drawRange } from "./cursor.js";
import { drawGutter, drawScrollbar, drawStripes } from "./gutter.js";
import { drawHint } from "./hint.js";
import { hitAt } from "./hits.js";
import { createLayout } from "./layout.js";
import { createLooks, isPageDark } from "./looks.js";
import { drawMarks, indexMarks } from "./marks.js";
import { Pointer } from "./pointer.js";
import { createScale, Folds } from "./scale.js";
import { insidePlot, laneY, MARGIN } from "./scene.js";
import { drawShades } from "./shades.js";
import { upperBound } from "../filtering.js";

/** @typedef {import("../document.js").Doc} Doc */
/** @typedef {import("../store.js").Store} Store */
/** @typedef {import("../store.js").Key} Key */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./hits.js").Hit} Hit */
/** @typedef {{width: number, height: number, ratio: number, isDark: boolean}} Sheet */

/** Pixels of the axis, and of the names; these are narrower where the picture is. */
const TOP = 42;
const GUTTER = 148;
const NARROW = { below: 700, gutter: 104 };
/** How wide the picture is on paper, where it is scaled to the page; and how high any canvas can be. */
const PAPER = 1000;
const MOST_PIXELS = 32_000;
/** What changes only what is drawn over the lanes. @type {Key[]} */
const OVER = ["cursor", "mark", "selected", "range"];
/** @type {Key[]} */
const UNDER = ["from", "to", "people", "kinds", "search", "unfolded"];

export class Picture {
  /**
   * @param {HTMLCanvasElement} canvas it is drawn in the size that the page's style gives it
   * @param {Doc} doc @param {Store} store @param {Filter} filter
   * @param {number} ended the end of what is shown: of the longer of two runs, so that both are to one scale
   */
  constructor(canvas, doc, store, filter = new Filter(doc, store), ended = doc.ended) {
    this.canvas = canvas;
    this.doc = doc;
    this.store = store;
    this.filter = filter;
    this.ended = ended;
    /** The lanes without what changes with every step of a pointer. */
    this.lanes = document.createElement("canvas");
    this.scroll = 0;
    /** @type {{hit: Hit, x: number, y: number} | null} */
    this.hint = null;
    /** @type {Sheet | null} The sheet that is printed on. */
    this.sheet = null;
    this.arrows = indexArrows(doc);
    this.marks = indexMarks(doc, store.state.kinds);
    /** @type {Scene | null} What was drawn last; null when the lanes must be drawn anew. */
    this.scene = null;
    this.frame = 0;
    this.listen();
    new Pointer(this);
    this.redraw();
  }

  listen() {
    this.store.on(UNDER, (_, changed) => {
      if (changed.has("kinds")) this.marks = indexMarks(this.doc, this.store.state.kinds);
      this.redraw();
    });
    this.store.on(OVER, (_, changed) => {
      if (changed.has("selected")) this.reveal(this.store.state.selected);
      this.redrawOver();
    });
    new ResizeObserver(() => this.redraw()).observe(this.canvas);
    new MutationObserver(() => this.redraw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    window.addEventListener("beforeprint", () => this.print(PAPER));
    window.addEventListener("afterprint", () => this.printed());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** Everything is drawn in the next frame. */
  redraw() {
    this.scene = null;
    this.redrawOver();
  }

  /** What is over the lanes is drawn in the next frame. */
  redrawOver() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** Draws now what was to be drawn in the next frame. */
  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const sheet = this.sheet ?? this.screen();
    if (!this.scene) this.drawLanes(sheet);
    this.drawOver(sheet);
  }

  /** @returns {Sheet} */
  screen() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return { width, height, ratio: window.devicePixelRatio || 1, isDark: isPageDark() };
  }

  /** What is in sight at the moment: also for those who ask before it was drawn. @returns {Scene} */
  current() {
    if (!this.scene) this.drawLanes(this.sheet ?? this.screen());
    return /** @type {Scene} */ (this.scene);
  }

  /** @param {Sheet} sheet */
  drawLanes(sheet) {
    const context = prepared(this.lanes, sheet);
    const scene = (this.scene = this.compose(context, sheet));
    const { matches } = this.filter;
    drawStripes(scene);
    insidePlot(scene, () => {
      drawGrid(scene);
      drawShades(scene);
      const names = drawBands(scene);
      drawFolds(scene);
      drawStates(scene, names);
      drawArrows(scene);
      drawMarks(scene, this.store.state.search.trim() ? matches : null);
    });
    drawGutter(scene);
    drawScrollbar(scene);
    drawAxis(scene);
  }

  /** @param {Sheet} sheet */
  drawOver(sheet) {
    const context = prepared(this.canvas, sheet);
    const scene = { ...this.current(), context };
    context.drawImage(this.lanes, 0, 0, scene.width, scene.height);
    insidePlot(scene, () => drawChain(scene));
    drawRange(scene);
    drawCursors(scene);
    if (this.hint && !this.sheet) drawHint(scene, this.hint.hit, this.hint.x, this.hint.y);
  }

  /** @param {CanvasRenderingContext2D} context @param {Sheet} sheet @returns {Scene} */
  compose(context, { width, height, ratio, isDark }) {
    const { doc, store, marks, arrows } = this;
    const { state } = store;
    const left = (width < NARROW.below ? NARROW.gutter : GUTTER) + MARGIN;
    const layout = createLayout(doc, state.people, height - TOP);
    this.scroll = Math.max(0, Math.min(this.scroll, layout.height - (height - TOP)));
    const folds = this.foldsFor(Math.max(40, width - left - MARGIN));
    const scale = createScale(folds, state.from, state.to, left);
    const looks = createLooks(context, isDark, ratio);
    const drawn = { labels: [], titled: new Set() };
    return { context, doc, state, scale, layout, looks, marks, arrows, width, height, top: TOP, scroll: this.scroll, ...drawn };
  }

  /** @param {number} width */
  foldsFor(width) {
    const stretches = this.store.state.unfolded ? [] : this.doc.stretches;
    return new Folds(stretches, this.ended, width);
  }

  /** What is there, or null. In CSS pixels of the canvas. @param {number} x @param {number} y */
  at(x, y) {
    return hitAt(this.current(), x, y);
  }

  /**
   * Where a moment is in a track of a lane (or, without one, among its marks), and how far its state reaches from
   * there; in CSS pixels of the canvas. Null if the lane is hidden.
   * @param {number} time @param {number} lane @param {number} [track]
   */
  place(time, lane, track) {
    const scene = this.current();
    const box = scene.layout.of[lane];
    if (!box) return null;
    const x = scene.scale.x(time);
    const { y, height } = track === undefined ? box.marks : box.tracks[track];
    const width = track === undefined ? 0 : this.endOfState(time, lane, track) - x;
    return { x, y: laneY(scene, y), width: Math.max(0, width), height };
  }

  /** @param {number} time @param {number} lane @param {number} track */
  endOfState(time, lane, track) {
    const { began, ended } = this.doc.lanes[lane].tracks[track];
    const band = upperBound(began, time) - 1;
    return band < 0 ? -Infinity : this.current().scale.x(ended[band]);
  }

  /** The height in which nothing needs to be scrolled. */
  get wholeHeight() {
    return createLayout(this.doc, this.store.state.people, 0).height + TOP;
  }

  /** Closer (factor above 1) or farther, about a pixel; without one about the cursor, if that is in sight. @param {number} factor @param {number} [x] */
  zoom(factor, x) {
    const { scale } = this.current();
    const { cursor } = this.store.state;
    const isSeen = cursor !== null && cursor >= scale.from && cursor <= scale.to;
    this.show(scale.zoomed(factor, x ?? (isSeen ? scale.x(cursor) : (scale.left + scale.right) / 2)));
  }

  /** @param {number} pixels further to the right */
  pan(pixels) {
    this.show(this.current().scale.panned(pixels));
  }

  /** All of the run. */
  fit() {
    this.store.set({ from: 0, to: this.ended });
  }

  /** @param {{from: number, to: number}} range */
  show({ from, to }) {
    this.store.set({ from, to });
  }

  /** @param {number} pixels further down */
  scrollBy(pixels) {
    this.scroll += pixels;
    this.redraw();
  }

  /** Scrolls so far that the lane of the record is in sight. @param {number} row */
  reveal(row) {
    if (row < 0) return;
    const { layout, scroll, height } = this.current();
    const box = layout.of[this.doc.rows.lane[row]];
    const room = height - TOP;
    if (!box || (box.y >= scroll && box.y + box.height <= scroll + room)) return;
    this.scrollBy(box.y - Math.max(0, (room - box.height) / 2) - scroll);
  }

  /** Draws for paper: all lanes, in light colours, so wide; the page's style gives the canvas its size there. @param {number} width CSS pixels */
  print(width) {
    const height = this.wholeHeight;
    this.sheet = { width, height, ratio: Math.min(2, MOST_PIXELS / height), isDark: false };
    this.scene = null;
    this.draw();
  }

  /** Back to the screen. */
  printed() {
    this.sheet = null;
    this.redraw();
  }
}

/** The canvas in the size of the sheet, and its context in CSS pixels. @param {HTMLCanvasElement} canvas @param {Sheet} sheet */
function prepared(canvas, { width, height, ratio }) {
  const [columns, rows] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(columns / Math.max(1, width), 0, 0, rows / Math.max(1, height), 0, 0);
  return context;
}
