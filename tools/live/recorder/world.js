'use strict';
// A browser, and in it one context a client; what their pages and the server saw becomes a recording.

const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');
const { Server, now } = require('./server');

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync', '--disable-component-update',
  '--disable-background-networking', '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,OptimizationHints',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1', // nobody outside is asked anything
];

const launch = executablePath => chromium.launch({ executablePath, headless: true, args: FLAGS });

class World {
  constructor(browser, client, story) {
    this.browser = browser;
    this.story = story;
    this.pages = {};
    this.contexts = [];
    this.kept = {}; // the records of pages that are closed
    this.server = new Server(client, story.cfg);
  }

  async open() {
    await this.server.listen();
    for (const [name, description] of Object.entries(this.story.clients)) await this.openPage(name, description);
    this.began = now();
  }

  async openPage(name, { role, auto_subscribe = false, prevents = [], listeners = [], suppressed = false }) {
    const origin = `http://127.0.0.1:${this.server.port}`;
    const context = await this.browser.newContext({ permissions: ['camera', 'microphone'] });
    this.contexts.push(context);
    await context.route(url => !url.href.startsWith(origin), route => this.elsewhere(route));
    const page = await context.newPage();
    page.on('pageerror', error => this.write(name, 'pageerror', 'uncaught', { message: String(error.message || error).slice(0, 300) }));
    await page.goto(`${origin}/`);
    await page.waitForFunction(() => window.recorder);
    const app = { name, token: `${role}:${name}`, auto_subscribe, prevents, listeners, suppressed };
    await page.evaluate(app => recorder.begin(app), app);
    this.pages[name] = page;
  }

  elsewhere(route) {
    if (!/config\.opentok\.com/.test(route.request().url())) return route.abort();
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
    return route.fulfill({ status: 200, contentType: 'application/json', headers, body: '{}' });
  }

  write(client, kind, event, more = {}) { this.server.log.push({ t: now(), client, object: kind === 'call' ? 'app' : 'page', kind, event, ...more }); }

  act(name, acts) { return this.pages[name].evaluate(acts => recorder.act(acts), acts); }

  // Waits for something in a page; a story goes on without it.
  async until(name, condition, arg, timeout) { await this.pages[name].waitForFunction(condition, arg, { timeout, polling: 20 }).catch(() => {}); }

  async closePage(name) {
    const before = await this.pages[name].evaluate(() => recorder.closing());
    this.write(name, 'call', 'close page');
    await this.pages[name].close();
    for (let i = 0; i < 40 && !this.server.beacons.has(name); i++) await new Promise(done => setTimeout(done, 25));
    this.kept[name] = () => before.concat(this.server.beacons.get(name) || []);
  }

  isClosed(name) { return name in this.kept; }

  async finish() {
    for (const name of Object.keys(this.pages)) if (!this.isClosed(name)) await this.pages[name].evaluate(() => recorder.finish());
  }

  async records() {
    const all = [...this.server.log];
    for (const [name, page] of Object.entries(this.pages)) all.push(...(this.isClosed(name) ? this.kept[name]() : await page.evaluate(() => recorder.records())));
    return all.sort((a, b) => a.t - b.t);
  }

  async save(folder, version) {
    const { name } = this.story;
    const header = {
      t_ms: 0, client: 'recorder', object: 'recorder', kind: 'header', event: name, opentok_js: version, server_choices: this.server.room.choices, story: this.story,
    };
    const rows = (await this.records()).map(({ t, ...rest }) => ({ t_ms: Math.round((t - this.began) * 10) / 10, ...rest }));
    fs.mkdirSync(folder, { recursive: true });
    const lines = [header, ...rows].map(row => `${JSON.stringify(row)}\n`);
    fs.writeFileSync(path.join(folder, `${name}.jsonl`), lines.join(''));
  }

  async close() {
    for (const context of this.contexts) await context.close();
    this.server.close();
  }
}

module.exports = { World, launch };
