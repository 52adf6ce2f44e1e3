'use strict';
// node record.js CLIENT CHROMIUM STORIES RECORDINGS PARALLEL: records each story, and says so.
// CLIENT is the package of the real client. What is there already is not recorded again.

const fs = require('fs');
const path = require('path');
const { World, launch } = require('./world');

const SETTLED = 650;       // ms from the end of the set-up to the first step's clock
const NEXT = 3000;         // ms between the first stories of those that are recorded side by side
const LATE = 100;          // ms: a step that comes later may have another effect than was meant
const WAITS = { connect: 9000, publish: 15000, media: 15000 };
const sleep = ms => new Promise(done => setTimeout(done, ms));

async function setUp(world) {
  const { setup, pubs, clients } = world.story;
  for (const name of setup) {
    for (const call of pubs.includes(name) ? ['connect', 'publish'] : ['connect']) {
      await world.act(name, [{ do: call }]);
      await world.until(name, call => recorder.ended(call), call, WAITS[call]);
    }
  }
  for (const name of setup.filter(each => clients[each].auto_subscribe)) {
    const count = pubs.filter(each => each !== name).length;
    if (count) await world.until(name, count => recorder.subscribed() >= count, count, WAITS.media);
  }
  await sleep(SETTLED - 150);
  world.server.note('--- setup complete ---');
  await sleep(150);
}

async function perform(world, { client, acts, net, platform, args, page }) {
  if (world.isClosed(client)) return;
  if (net === 'restored') world.server.restore(client);
  else if (net) world.server.drop(client, net);
  else if (platform) world.server.room.deed(client, platform, args);
  else if (page) await world.closePage(client);
  else await world.act(client, acts);
}

async function record(world) {
  await world.open();
  await setUp(world);
  const began = Date.now();
  let late = 0;
  for (const step of world.story.steps) {
    await sleep(Math.max(0, began + step.at - Date.now()));
    late = Math.max(late, Date.now() - began - step.at);
    await perform(world, step);
  }
  await sleep(Math.max(0, began + world.story.ends - Date.now()));
  await world.finish();
  return late;
}

async function main([client, chromium, stories, recordings, parallel]) {
  const { version } = JSON.parse(fs.readFileSync(path.join(client, 'package.json')));
  const script = path.join(client, 'dist', 'js', 'opentok.js');
  const waiting = fs.readdirSync(stories).filter(file => file.endsWith('.json')).sort()
    .map(file => JSON.parse(fs.readFileSync(path.join(stories, file))))
    .filter(story => !fs.existsSync(path.join(recordings, `${story.name}.jsonl`)));
  const count = waiting.length;
  let begun = 0;
  const browser = await launch(chromium);
  const workers = Array.from({ length: Number(parallel) }, async (_, number) => {
    await sleep(number * NEXT);
    for (let story = waiting.shift(); story; story = waiting.shift()) {
      const world = new World(browser, script, story);
      begun += 1;
      console.error(`recording ${story.name}: ${begun} of ${count}, ${Math.round(story.ends / 1000)} s`);
      try {
        const late = await record(world);
        await world.save(recordings, version);
        if (late > LATE) console.error(`late      ${story.name}: a step came ${late} ms after its time; with fewer at a time (PAR=1) it may not`);
      } catch (error) { console.error(`failed    ${story.name}: ${error.message.split('\n')[0]}`); }
      await world.close();
    }
  });
  await Promise.all(workers);
  await browser.close();
}

main(process.argv.slice(2)).catch(error => { console.error(error.message); process.exit(1); });
