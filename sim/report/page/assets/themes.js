// Light, dark, or as the system is; as long as the tab is open it stays so.

/** @typedef {"auto" | "light" | "dark"} Theme */

const KEY = "session-sim theme";

/** @param {string} id of the choice @param {(theme: Theme) => void} [then] */
export function offerThemes(id, then = () => {}) {
  const choice = /** @type {HTMLSelectElement} */ (document.getElementById(id));
  const take = () => {
    const theme = /** @type {Theme} */ (choice.value);
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    then(theme);
  };
  choice.addEventListener("change", () => {
    remember(choice.value);
    take();
  });
  choice.value = remembered();
  if (choice.value !== "auto") take();
}

/** @param {string} theme */
function remember(theme) {
  try {
    sessionStorage.setItem(KEY, theme);
  } catch {
    // A page without storage, such as a sandboxed frame: it is chosen anew.
  }
}

/** @returns {string} */
function remembered() {
  try {
    const theme = sessionStorage.getItem(KEY) ?? "auto";
    return ["light", "dark"].includes(theme) ? theme : "auto";
  } catch {
    return "auto";
  }
}
