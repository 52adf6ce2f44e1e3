// Buttons that copy a text: also where the page was opened from disk.
import { element } from "./elements.js";

/** @param {string} title @param {() => string} text */
export function copyButton(title, text) {
  const button = element("button", { type: "button", class: "copy" }, title);
  button.addEventListener("click", async () => {
    const isCopied = await copy(text());
    button.textContent = isCopied ? "Copied" : "Select it and press Ctrl+C";
    setTimeout(() => (button.textContent = title), 2000);
  });
  return button;
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelecting(text); // no permission, or no clipboard for files
  }
}

/** @param {string} text */
function copyBySelecting(text) {
  const field = element("textarea", { class: "offscreen", "aria-hidden": "true", tabindex: "-1" });
  const focused = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
