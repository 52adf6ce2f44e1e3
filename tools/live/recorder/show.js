'use strict';
// node show.js RECORDING [all] [wire] [internal]: what happened after the set-up, a line each.

const fs = require('fs');

const [file, ...options] = process.argv.slice(2);
const shown = new Set(options);
if (!file || !fs.existsSync(file)) {
  console.error(`${file ? `${file} is not there` : 'no recording is named'}: node show.js RECORDING [all] [wire] [internal]`);
  process.exit(2);
}
const rows = fs.readFileSync(file, 'utf8').trim().split('\n').slice(1).map(JSON.parse);
const setUp = rows.findIndex(row => row.event === '--- setup complete ---');

function inShort(state) {
  if (!state) return '';
  const { session_state: is, n_connections: connections, n_streams: streams, dom_publishers: publishers, dom_subscribers: subscribers } = state;
  return `[${is || '-'}, ${connections} connections, ${streams} streams, page ${publishers}+${subscribers}]`;
}

function line(row) {
  const words = [
    row.dir, row.event, row.about || row.subject || row.who, row.status, row.fate,
    row.reason && `(${row.reason})`, row.data && JSON.stringify(row.data), row.default_prevented && 'prevented', row.resend && 'again', row.undeliverable && 'undeliverable',
    row.ok === false && 'failed', row.error_name, row.code, row.message && `"${row.message.slice(0, 70)}"`, row.by && `by ${row.by}`, inShort(row.state),
  ];
  const said = words.filter(word => word !== undefined && word !== false && word !== '' && word !== null).join(' ');
  return `${String(Math.round(row.t_ms)).padStart(6)} ${(row.client || '').padEnd(7)} ${(row.object || '').padEnd(16)} ${row.kind.padEnd(8)} ${said}`;
}

for (const row of rows.slice(shown.has('all') ? 0 : Math.max(0, setUp))) {
  if ((row.kind === 'wire' || row.kind === 'internal') && !shown.has(row.kind)) continue;
  console.log(line(row));
}
