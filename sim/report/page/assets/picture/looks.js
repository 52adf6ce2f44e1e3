// How the picture looks: the colours, light and dark, and a colour and a pattern for each state.
//
// A state is told by both, so that it can be told without the one or the other. Each line has a contrast of
// at least 3 to its background and each ink of 4.5; calm states are plain, trouble is hatched.

/** @typedef {{fill: string, line: string}} Hue */
/** @typedef {"calm" | "busy" | "trouble" | "moving" | "gone" | "broken"} HueName */
/** @typedef {"plain" | "rising" | "falling" | "crossed" | "dotted" | "barred" | "hollow"} PatternName */

/**
 * @typedef {object} Colours
 * @property {string} surface behind everything
 * @property {string} stripe behind every other lane
 * @property {string} rule
 * @property {string} ink
 * @property {string} muted
 * @property {string} arrow
 * @property {string} accent the cursor and what is selected
 * @property {string} second the second moment
 * @property {string} chain
 * @property {string} shade behind a fault, transparent
 * @property {string} hint behind a hint
 * @property {Record<HueName, Hue>} hues
 */

/** @type {Colours} */
const LIGHT = {
  surface: "#ffffff",
  stripe: "#f5f7f9",
  rule: "#d3d9e0",
  ink: "#1a1f26",
  muted: "#56606c",
  arrow: "#5d6f86",
  accent: "#0b57c4",
  second: "#6d28c2",
  chain: "#b0127b",
  shade: "rgba(196, 45, 30, 0.10)",
  hint: "#1a1f26",
  hues: {
    calm: { fill: "#a9dfd2", line: "#0a6f61" },
    busy: { fill: "#d6e8ff", line: "#2f78d0" },
    trouble: { fill: "#ffd694", line: "#9a5200" },
    moving: { fill: "#dcc6f8", line: "#5b1fa6" },
    gone: { fill: "#eceef1", line: "#717a85" },
    broken: { fill: "#f9b9b0", line: "#b3261e" },
  },
};

/** @type {Colours} */
const DARK = {
  surface: "#12161b",
  stripe: "#181d24",
  rule: "#323b46",
  ink: "#e8edf3",
  muted: "#a2adba",
  arrow: "#8ea3bd",
  accent: "#7ab5ff",
  second: "#c7a3ff",
  chain: "#ff8ad4",
  shade: "rgba(255, 110, 95, 0.15)",
  hint: "#e8edf3",
  hues: {
    calm: { fill: "#0f5248", line: "#4fd6bf" },
    busy: { fill: "#143a66", line: "#8cc6ff" },
    trouble: { fill: "#663a00", line: "#ffb454" },
    moving: { fill: "#4b2a80", line: "#a97fee" },
    gone: { fill: "#272d34", line: "#98a2ae" },
    broken: { fill: "#6a1d19", line: "#ff8a80" },
  },
};

/** Kind of a track -> state -> how it looks. @type {Record<string, Record<string, [HueName, PatternName]>>} */
export const LOOKS = {
  session: {
    connecting: ["busy", "rising"],
    connected: ["calm", "plain"],
    reconnecting: ["trouble", "falling"],
    migrating: ["moving", "dotted"],
    disconnecting: ["gone", "barred"],
    ended: ["gone", "hollow"],
  },
  publisher: { starting: ["busy", "rising"], publishing: ["calm", "plain"], ended: ["gone", "hollow"] },
  subscriber: {
    starting: ["busy", "rising"],
    showing: ["calm", "plain"],
    frozen: ["trouble", "falling"],
    ended: ["gone", "hollow"],
  },
  connection: { joined: ["calm", "plain"], lost: ["trouble", "falling"] },
  link: {
    up: ["gone", "plain"],
    "no way in": ["trouble", "rising"],
    "no way out": ["trouble", "falling"],
    out: ["broken", "crossed"],
    refused: ["broken", "barred"],
    lossy: ["trouble", "dotted"],
  },
  media: { cut: ["broken", "barred"] },
};

/** A state that the table does not know: a later version's. @type {[HueName, PatternName]} */
const UNKNOWN = ["gone", "crossed"];

/** How much a state matters where several share a pixel. @type {Record<HueName, number>} */
const URGENCY = { calm: 0, gone: 1, busy: 2, moving: 3, trouble: 4, broken: 5 };

/**
 * @typedef {object} Look
 * @property {string | CanvasPattern} fill
 * @property {string} plain the colour under the pattern, for text
 * @property {string} line
 * @property {number} urgency
 */

/**
 * @typedef {object} Looks
 * @property {Colours} colours
 * @property {(kind: string, state: string) => Look} of
 */

/**
 * The looks for one canvas: patterns are made once.
 * @param {CanvasRenderingContext2D} context
 * @param {boolean} isDark
 * @param {number} ratio device pixels of a CSS pixel
 * @returns {Looks}
 */
export function createLooks(context, isDark, ratio) {
  const colours = isDark ? DARK : LIGHT;
  /** @type {Map<string, Look>} */
  const made = new Map();
  return {
    colours,
    of(kind, state) {
      const key = `${kind}/${state}`;
      let look = made.get(key);
      if (!look) made.set(key, (look = makeLook(context, colours, ratio, LOOKS[kind]?.[state] ?? UNKNOWN)));
      return look;
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context @param {Colours} colours @param {number} ratio
 * @param {[HueName, PatternName]} names
 * @returns {Look}
 */
function makeLook(context, colours, ratio, [hueName, patternName]) {
  const hue = colours.hues[hueName];
  const plain = patternName === "hollow" ? colours.surface : hue.fill;
  const fill = patternName === "plain" || patternName === "hollow" ? plain : makePattern(context, hue, patternName, ratio);
  return { fill, plain, line: hue.line, urgency: URGENCY[hueName] };
}

const TILE = 8;

/** @param {CanvasRenderingContext2D} context @param {Hue} hue @param {PatternName} name @param {number} ratio */
function makePattern(context, hue, name, ratio) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(TILE * ratio);
  const drawn = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  drawn.scale(tile.width / TILE, tile.height / TILE);
  drawn.fillStyle = hue.fill;
  drawn.fillRect(0, 0, TILE, TILE);
  drawn.strokeStyle = drawn.fillStyle = hue.line;
  drawn.lineWidth = 1.2;
  drawn.beginPath();
  PATTERNS[name](drawn);
  drawn.stroke();
  const pattern = /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
  pattern.setTransform(new DOMMatrix().scale(TILE / tile.width, TILE / tile.height));
  return pattern;
}

/** What is drawn into a tile so that tiles join. @type {Record<PatternName, (tile: CanvasRenderingContext2D) => void>} */
const PATTERNS = {
  plain: () => {},
  hollow: () => {},
  rising: (tile) => slanted(tile, 1),
  falling: (tile) => slanted(tile, -1),
  crossed: (tile) => {
    slanted(tile, 1);
    slanted(tile, -1);
  },
  dotted: (tile) => {
    tile.fillRect(1, 1, 2, 2);
    tile.fillRect(5, 5, 2, 2);
  },
  barred: (tile) => {
    for (const x of [1, 5]) {
      tile.moveTo(x, 0);
      tile.lineTo(x, TILE);
    }
  },
};

/** @param {CanvasRenderingContext2D} tile @param {1 | -1} sense rising or falling */
function slanted(tile, sense) {
  for (const shift of [-TILE, 0, TILE]) {
    const [left, right] = [shift - 1, shift + TILE + 1];
    tile.moveTo(left, sense > 0 ? TILE + 1 : -1);
    tile.lineTo(right, sense > 0 ? -1 : TILE + 1);
  }
}

/**
 * A swatch for a legend, of the canvas's own size.
 * @param {HTMLCanvasElement} canvas @param {string} kind @param {string} state @param {boolean} isDark
 */
export function paintSwatch(canvas, kind, state, isDark) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const look = createLooks(context, isDark, 1).of(kind, state);
  context.fillStyle = look.fill;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = look.line;
  context.strokeRect(0.5, 0.5, canvas.width - 1, canvas.height - 1);
}

/** Whether the page is dark: by its choice (`data-theme` of the root), else by the reader's preference. */
export function isPageDark() {
  const theme = document.documentElement.dataset.theme;
  if (theme === "dark" || theme === "light") return theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
