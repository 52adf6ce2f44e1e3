// The frame around a report: shows the next one when it is there, and the last one meanwhile.

const mistakes = document.getElementById("mistakes");
const sentences = document.getElementById("sentences");
const gone = document.getElementById("gone");
const pictures = document.getElementById("pictures");

let shown = 0;

/** @param {{picture: number, verdict: string, mistakes: string[]}} notice */
function take(notice) {
  gone.hidden = true;
  mistakes.hidden = notice.mistakes.length === 0;
  sentences.replaceChildren(...notice.mistakes.map(item));
  document.title = notice.mistakes.length ? `mistakes: ${notice.verdict}` : notice.verdict;
  if (notice.picture > shown) {
    shown = notice.picture;
    load(notice);
  }
}

/** @param {string} sentence */
function item(sentence) {
  const line = document.createElement("li");
  line.textContent = sentence;
  return line;
}

/** The picture before stays until the next one is there. That one stays in its place: if it were moved, it would load anew. */
function load(notice) {
  const next = document.createElement("iframe");
  next.className = "next";
  next.title = notice.verdict;
  next.src = `/report?picture=${notice.picture}`;
  next.addEventListener("load", () => {
    if (notice.picture === shown) {
      next.className = "";
      for (const each of [...pictures.children]) if (each !== next) each.remove();
    } else {
      next.remove();
    }
  });
  pictures.append(next);
}

const notices = new EventSource("/notices");
notices.addEventListener("message", (event) => take(JSON.parse(event.data)));
notices.addEventListener("error", () => {
  gone.hidden = false;
});
