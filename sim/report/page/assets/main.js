// The page: reads its document, which is of a run or of a sweep, and shows it.
import { decodeDocument, unpacked } from "./document.js";
import { byId, fill } from "./elements.js";
import { showRun } from "./run.js";
import { decodeSweep, runAt } from "./sweep/document.js";
import { showSweep } from "./sweep/sweep.js";
import { showWay } from "./sweep/way.js";

async function start() {
  const data = byId("data");
  const raw = await unpacked(data.textContent ?? "");
  data.remove();
  if (raw.kind === "sweep") await startSweep(decodeSweep(raw));
  else showRun(decodeDocument(raw));
}

/**
 * All of it, or the run that the address names. From all of it to a run is a step; back to it, or on to another run, the
 * page is read anew.
 * @param {import("./sweep/document.js").Sweep} doc
 */
async function startSweep(doc) {
  const run = runAt(doc, location.hash);
  if (run) {
    await showRunOf(doc, run);
    return;
  }
  showSweep(doc);
  window.addEventListener("hashchange", () => void startRun(doc), { once: true });
}

/** @param {import("./sweep/document.js").Sweep} doc */
async function startRun(doc) {
  const run = runAt(doc, location.hash);
  if (run) await showRunOf(doc, run).catch(failed);
  else location.reload();
}

/** @param {import("./sweep/document.js").Sweep} doc @param {import("./sweep/document.js").Run} run */
async function showRunOf(doc, run) {
  window.addEventListener("hashchange", () => location.reload());
  const packed = byId(`run-${run.point}-${run.replication}`).textContent ?? "";
  document.body.className = "run";
  window.scrollTo(0, 0);
  showWay(doc, run);
  showRun(decodeDocument(await unpacked(packed)));
}

/** @param {Error} problem */
function failed(problem) {
  const failure = byId("failure");
  failure.hidden = false;
  fill(failure, `This report cannot be shown: ${problem.message}`);
  throw problem;
}

start().catch(failed);
