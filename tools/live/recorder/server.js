'use strict';
// A scripted messaging server on loopback: session info over HTTP, the messaging socket, and the
// faults of each client's network. What it does with requests is in room.js.

const fs = require('fs');
const http = require('http');
const path = require('path');
const { performance } = require('perf_hooks');
const { WebSocketServer } = require('ws');
const { TYPES, encode, decode } = require('./frames');
const { Room } = require('./room');

const PAGE = path.join(__dirname, 'page');
const OPEN_TO_ALL = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
const OPEN = 1; // a socket's readyState
const PONG = encode(TYPES.PONG, [], {});
const now = () => performance.timeOrigin + performance.now();

class Server {
  constructor(client, choices) {
    this.client = client;        // the file of the real client
    this.log = [];               // what is recorded of the server and the wire
    this.beacons = new Map();    // what pages said while they were closed, by name
    this.down = new Map();       // fate of new sockets, by name: 'refuse' or 'blackhole'
    this.silenced = [];          // sockets whose frames are held
    this.hung = new Set();       // sockets that never open
    this.room = new Room(this, choices);
  }

  async listen() {
    this.http = http.createServer((request, response) => this.answer(request, response));
    this.sockets = new WebSocketServer({ noServer: true });
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    await new Promise(done => this.http.listen(0, '127.0.0.1', done));
    this.port = this.http.address().port;
  }

  close() {
    this.room.closeSockets();
    for (const socket of this.hung) socket.destroy();
    this.http.closeAllConnections();
    this.http.close();
  }

  // -- what is recorded

  wire(client, dir, what) { this.log.push({ t: now(), client, object: 'wire', kind: 'wire', dir, ...what }); }

  note(event, more = {}) { this.log.push({ t: now(), client: 'server', object: 'server', kind: 'marker', event, ...more }); }

  // -- HTTP

  answer(request, response) {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const send = (status, type, body) => {
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...OPEN_TO_ALL });
      response.end(body);
    };
    if (request.method === 'OPTIONS') return send(204, 'text/plain', '');
    if (pathname === '/') return send(200, 'text/html', fs.readFileSync(path.join(PAGE, 'index.html')));
    if (pathname === '/client.js') return send(200, 'text/javascript', fs.readFileSync(path.join(PAGE, 'client.js')));
    if (pathname === '/opentok.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'max-age=3600' });
      return fs.createReadStream(this.client).pipe(response);
    }
    if (pathname.startsWith('/session/')) return send(200, 'application/json', this.sessionInfo(request, pathname));
    if (pathname === '/beacon') return this.beacon(request, () => send(200, 'text/plain', ''));
    request.resume();
    if (pathname.startsWith('/log')) return send(200, 'application/json', '{}');
    if (pathname.endsWith('.css')) return send(200, 'text/css', '');
    return send(404, 'text/plain', 'no');
  }

  sessionInfo(request, pathname) {
    const [, name] = (request.headers['x-opentok-auth'] || '').split(':');
    const { reconnection, p2p } = this.room.choices;
    return JSON.stringify([{
      session_id: decodeURIComponent(pathname.split('/')[2]), partner_id: '1234567',
      messaging_url: `ws://127.0.0.1:${this.port}/rumorwebsocketsv2?name=${name}`,
      messaging_server_url: '127.0.0.1', media_server_hostname: '127.0.0.1',
      symphony_address: 'symphony.fake', ice_servers: [],
      properties: { reconnection, renegotiation: true, p2p: { preference: { value: p2p } } },
    }]);
  }

  beacon(request, done) {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      const { name, records } = JSON.parse(Buffer.concat(parts).toString('utf8'));
      this.beacons.set(name, records);
      done();
    });
  }

  // -- sockets

  upgrade(request, socket, head) {
    const query = new URL(request.url, 'http://127.0.0.1').searchParams;
    const name = query.get('name');
    const reconnect = query.get('reconnect') === 'true';
    const fate = this.down.get(name);
    this.wire(name, 'c2s', { event: 'ws-upgrade', reconnect, fate: fate || 'accepted' });
    if (fate === 'refuse') { socket.destroy(); return; }
    if (fate === 'blackhole') { this.hang(socket, name); return; }
    this.sockets.handleUpgrade(request, socket, head, ws => {
      ws.person = name;
      ws.socketId = query.get('socketId');
      ws.held = { in: [], out: [] };
      if (reconnect) this.room.reattach(ws);
      ws.on('message', data => (ws.silenced ? ws.held.in.push(Buffer.from(data)) : this.receive(ws, Buffer.from(data))));
      ws.on('close', code => this.closed(ws, code));
      ws.on('error', () => {}); // a close follows
    });
  }

  hang(socket, name) {
    socket.person = name;
    this.hung.add(socket);
    socket.on('error', () => {}); // a close follows
    socket.on('close', () => this.hung.delete(socket));
  }

  receive(ws, data) {
    const frame = decode(data);
    const log = what => this.wire(ws.person, 'c2s', what);
    switch (frame.type) {
      case TYPES.PING: this.put(ws, PONG); return log({ event: 'PING' });
      case TYPES.CONNECT: this.room.introduce(ws, frame.headers.uniqueId); return log({ event: 'CONNECT' });
      case TYPES.STATUS: return this.room.acknowledged(ws, frame.headers['TRANSACTION-ID']);
      case TYPES.SUBSCRIBE: return log({ event: 'SUBSCRIBE' });
      case TYPES.UNSUBSCRIBE: return log({ event: 'UNSUBSCRIBE' });
      case TYPES.DISCONNECT:
        log({ event: 'DISCONNECT', reconnect: frame.headers.reconnect });
        if (frame.headers.reconnect !== '1') { ws.leaves = true; this.room.leaves(ws); }
        return undefined;
      case TYPES.MESSAGE: return this.room.request(ws, frame);
      default: return undefined;
    }
  }

  closed(ws, code) {
    this.wire(ws.person, 'c2s', { event: 'ws-close', code });
    this.room.socketClosed(ws, ws.leaves || (code === 1000 && !ws.closedByServer));
  }

  put(ws, frame) {
    if (!ws || ws.readyState !== OPEN) return;
    if (ws.silenced) ws.held.out.push(frame); else ws.send(frame);
  }

  poke(ws) { this.put(ws, PONG); }

  // -- faults of one client's network

  drop(name, fault) {
    const ws = this.room.socketOf(name);
    this.note(`network ${fault}`, { who: name });
    if (fault === 'kill+refuse') this.down.set(name, 'refuse');
    else if (fault === 'kill+blackhole' || fault === 'blackhole') this.down.set(name, 'blackhole');
    else if (fault !== 'kill+accept') throw new Error(`unknown fault ${fault}`);
    if (!ws) return;
    if (fault === 'blackhole') { ws.silenced = true; ws.pause(); this.silenced.push(ws); } else ws.terminate();
  }

  // Held frames go on; attempts that hung while the network was down stay dead.
  restore(name) {
    this.note('network restored', { who: name });
    this.down.delete(name);
    for (const ws of this.silenced.filter(each => each.person === name && each.silenced)) {
      ws.silenced = false;
      for (const data of ws.held.in.splice(0)) this.receive(ws, data);
      for (const frame of ws.held.out.splice(0)) this.put(ws, frame);
      ws.resume();
      if (ws.givenUp) ws.terminate();
    }
    for (const socket of [...this.hung]) if (socket.person === name) socket.destroy();
  }
}

module.exports = { Server, now };
