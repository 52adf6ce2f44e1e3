'use strict';
// Who is in the session and what is published: requests are answered and the others are told, in the
// order that the choices say.

const crypto = require('crypto');
const { TYPES, encode } = require('./frames');
const DEFAULTS = require('./choices');

const CAPABILITIES = {
  subscriber: ['subscribe'],
  publisher: ['publish', 'subscribe'],
  moderator: ['publish', 'subscribe', 'forceunpublish', 'forcedisconnect', 'forcemute'],
};
const JSEP = ['offer', 'answer', 'pranswer', 'candidate', 'generateoffer'];
const onLoopback = candidate => / 127\.0\.0\.1 /.test(candidate || '');

class Room {
  constructor(server, choices) {
    this.server = server;
    this.choices = { ...DEFAULTS, ...choices };
    this.members = new Map();       // connection id -> member
    this.streams = new Map();       // stream id -> {content, owner, person}
    this.subscriptions = new Map(); // subscriber id -> connection id
    this.gone = new Map();          // connection id -> person
    this.ghosts = new Map();        // socket id -> {id, base, reason}
    this.lostAnswers = 0;
  }

  joined() { return [...this.members.values()].filter(each => each.joined); }

  named(name) { return this.joined().filter(each => each.person === name && !each.leaving).pop(); }

  socketOf(name) { const member = [...this.members.values()].find(each => each.person === name && each.ws); return member && member.ws; }

  closeSockets() { for (const { ws } of this.members.values()) if (ws) ws.terminate(); }

  // -- speaking to a member

  push(member, method, uri, content, { reason, from = '', quiet = false } = {}) {
    const transaction = crypto.randomUUID();
    const [resource, id] = uri.split('/').slice(-2);
    const headers = { 'TRANSACTION-ID': transaction, 'X-TB-FROM-ADDRESS': from, 'Content-Type': 'application/x-raptor+v2' };
    const frame = encode(TYPES.MESSAGE, [member.id], headers, JSON.stringify({ uri, method, content, reason }));
    const said = { event: `${resource}#${method}`, reason, subject: this.subject(resource, id) };
    member.unacknowledged.set(transaction, { frame, said });
    const delivered = member.ws && !member.ws.silenced;
    if (!quiet) this.server.wire(member.person, 's2c', delivered ? said : { undeliverable: true, ...said });
    this.server.put(member.ws, frame);
  }

  tell(members, ...what) { for (const member of members) this.push(member, ...what); }

  status(member, transaction, code, data = {}, quiet = false) {
    if (!transaction) return;
    if (!quiet) this.server.wire(member.person, 's2c', { event: 'STATUS', status: code });
    const headers = { 'TRANSACTION-ID': transaction, STATUS: String(code), 'X-TB-FROM-ADDRESS': 'symphony.fake' };
    this.server.put(member.ws, encode(TYPES.STATUS, [member.id], headers, JSON.stringify(data)));
  }

  // Answers before or after what is done, as `order` says.
  answering(order, member, transaction, act) {
    if (order === 'ack-first') this.status(member, transaction, 200);
    act();
    if (order !== 'ack-first') this.status(member, transaction, 200);
  }

  subject(resource, id) {
    if (resource === 'connection') { const member = this.members.get(id); return member ? member.person : this.gone.get(id); }
    if (resource === 'stream' && this.streams.has(id)) return `stream of ${this.streams.get(id).person}`;
    return undefined;
  }

  // -- sockets

  introduce(ws, id) {
    ws.connection = id;
    this.members.set(id, {
      id, ws, person: ws.person, socketId: ws.socketId, unacknowledged: new Map(), seen: new Set(), joined: false, twin: this.members.get(id),
    });
  }

  acknowledged(ws, transaction) {
    const member = this.members.get(ws.connection);
    if (member) member.unacknowledged.delete(transaction);
  }

  reattach(ws) {
    const member = [...this.members.values()].find(each => each.socketId === ws.socketId);
    if (!member) { this.turnAway(ws); return; }
    if (member.ws && member.ws !== ws) { member.ws.removeAllListeners('close'); member.ws.terminate(); }
    member.ws = ws;
    ws.connection = member.id;
    clearTimeout(member.grace);
    if (this.choices.replayUnacked) {
      for (const { frame, said } of member.unacknowledged.values()) {
        this.server.wire(member.person, 's2c', { resend: true, ...said });
        this.server.put(ws, frame);
      }
    }
    if (this.choices.pokeOnReconnect) this.server.poke(ws);
  }

  turnAway(ws) {
    const ghost = this.ghosts.get(ws.socketId);
    this.server.wire(ws.person, 's2c', { event: 'reattach-unknown' });
    if (this.choices.refuseReattachWhenGone === 'close' || !ghost) { ws.close(4404, 'gone'); return; }
    ws.connection = ghost.id;
    const it = { id: ghost.id, person: ws.person, ws, unacknowledged: new Map() };
    this.push(it, 'deleted', `${ghost.base}/connection/${ghost.id}`, {}, { reason: ghost.reason });
  }

  socketClosed(ws, meant) {
    const member = this.members.get(ws.connection);
    if (!member || member.ws !== ws) return;
    member.ws = null;
    if (member.leaving) return;
    if (meant) { this.leave(member, this.choices.leaveReason); return; }
    member.grace = setTimeout(() => this.expire(member), this.choices.graceMs);
    member.grace.unref();
  }

  leaves(ws) {
    const member = this.members.get(ws.connection);
    if (member) this.leave(member, this.choices.leaveReason);
  }

  // -- the end of a member

  leave(member, reason, { telling = false } = {}) {
    if (member.leaving) return;
    member.leaving = true;
    clearTimeout(member.grace);
    const { leaveOrder, victimGetsStreamDeleted, closeVictim } = this.choices;
    const streams = [...this.streams].filter(([, stream]) => stream.owner === member.id).map(([id]) => id);
    const told = this.joined().filter(each => each !== member || telling);
    this.gone.set(member.id, member.person);
    this.ghosts.set(member.socketId, { id: member.id, base: member.base, reason });
    const ofStreams = () => {
      const whom = told.filter(each => each !== member || victimGetsStreamDeleted);
      for (const id of streams) this.tell(whom, 'deleted', `${member.base}/stream/${id}`, {}, { reason });
    };
    const ofConnection = () => { if (member.joined) this.tell(told, 'deleted', `${member.base}/connection/${member.id}`, {}, { reason }); };
    const orders = {
      'stream-first': [ofStreams, ofConnection], 'connection-first': [ofConnection, ofStreams], 'connection-only': [ofConnection],
    };
    for (const tell of orders[leaveOrder]) tell();
    for (const id of streams) this.streams.delete(id);
    this.members.delete(member.id);
    const { ws } = member;
    if (telling && closeVictim && ws) {
      this.server.wire(member.person, 's2c', { event: 'ws-close-by-server' });
      setTimeout(() => ws.close(1000), 20);
    }
  }

  expire(member) {
    this.server.note('grace expired', { who: member.person });
    const { ws } = member;
    this.leave(member, this.choices.lostReason);
    if (ws && ws.silenced) ws.givenUp = true; else if (ws) ws.terminate();
  }

  // -- what the platform does of itself, about a member by name; nothing if it is not there

  deed(name, word, args) {
    const member = this.named(name);
    if (word === 'signal') { this.signalFromServer(member ? [member] : [], name, args); return; }
    if (!member) return;
    const closes = /^closes with (\d+)$/.exec(word);
    if (word === 'grace expired') this.expire(member);
    else if (closes) this.closeSocket(member, Number(closes[1]));
    else if (REASONS[word]) { this.server.note(word, { who: name }); this.leave(member, REASONS[word], { telling: true }); } else throw new Error(`unknown deed ${word}`);
  }

  closeSocket(member, code) {
    if (!member.ws) return;
    this.server.note(`server closes with ${code}`, { who: member.person });
    member.ws.closedByServer = true;
    member.ws.close(code);
  }

  signalFromServer(members, who, args) {
    if (members.length === 0) return;
    this.server.note('signal', { who, args });
    for (const member of members) this.push(member, 'signal', `${member.base}/signal/${crypto.randomUUID()}`, args);
  }

  // -- requests

  request(ws, frame) {
    const member = this.members.get(ws.connection);
    if (!member) return;
    const body = JSON.parse(frame.data);
    const parts = body.uri.split('/').slice(2);
    const ids = {};
    for (let i = 0; i + 1 < parts.length; i += 2) ids[parts[i]] = parts[i + 1];
    const [resource, id] = parts.slice(-2);
    const quiet = body.method === 'candidate' || resource === 'channel' || resource === 'data';
    const data = resource === 'signal' ? body.content.data : undefined;
    if (!quiet) this.server.wire(member.person, 'c2s', { event: `${resource}#${body.method}`, subject: this.subject(resource, id), data });
    const transaction = frame.headers['TRANSACTION-ID'];
    const base = `/v2/partner/${ids.partner}/session/${ids.session}`;
    const asked = { ...body, ids, base, token: frame.headers['X-TB-TOKEN-AUTH'] || '' };
    const handler = HANDLERS[`${resource}#${body.method}`];
    if (transaction && member.seen.has(transaction)) { this.status(member, transaction, 200, handler === HANDLERS['connection#create'] ? this.state() : {}); return; }
    if (transaction) member.seen.add(transaction);
    if (handler) handler.call(this, member, transaction, asked);
    else if (resource === 'subscriber' && JSEP.includes(body.method)) this.relay(member, transaction, asked);
    else this.status(member, transaction, 200, {}, true);
  }

  state() {
    return {
      connection: this.joined().map(each => each.content),
      stream: [...this.streams.values()].map(each => each.content),
      archive: [],
      ...(this.muted || this.choices.mute ? { mute: { active: true } } : {}),
    };
  }

  join(member, transaction, { base, token }) {
    const { joinDelayMs, repeatedJoin, rejectConnect, loseJoinAnswers } = this.choices;
    if (joinDelayMs && !member.delayed) {
      member.delayed = true;
      setTimeout(() => this.join(member, transaction, { base, token }), joinDelayMs);
      return;
    }
    const { twin } = member;
    if (repeatedJoin && twin && twin.joined) {
      this.status(member, transaction, repeatedJoin, { reason: 'connection exists' });
      this.members.set(twin.id, twin);
      return;
    }
    if (rejectConnect) {
      this.status(member, transaction, rejectConnect.status, { reason: rejectConnect.reason });
      this.members.delete(member.id);
      return;
    }
    [member.role] = token.split(':');
    member.base = base;
    member.content = { id: member.id, creationTime: Date.now(), data: `name=${member.person}`, permissions: CAPABILITIES[member.role] };
    member.joined = true;
    const lost = this.lostAnswers < loseJoinAnswers;
    if (lost) { this.lostAnswers += 1; this.server.note('join answer lost', { who: member.person }); }
    const { ws } = member;
    if (lost) member.ws = null; // what it is told now is kept, and not sent
    this.tell(this.joined(), 'created', `${base}/connection/${member.id}`, member.content);
    member.ws = ws;
    if (!lost) this.status(member, transaction, 200, this.state());
  }

  forceDisconnect(member, transaction, { ids }) {
    const victim = this.members.get(ids.connection);
    if (!CAPABILITIES[member.role].includes('forcedisconnect')) { this.status(member, transaction, 403); return; }
    if (!victim || !victim.joined) { this.status(member, transaction, 404); return; }
    this.answering(this.choices.forceAck, member, transaction, () => this.leave(victim, 'forceDisconnected', { telling: true }));
  }

  publish(member, transaction, { ids, base, content }) {
    const stream = { ...content, id: ids.stream, creationTime: Date.now(), connection: member.content, connectionId: member.id };
    this.streams.set(ids.stream, { content: stream, owner: member.id, person: member.person });
    this.status(member, transaction, 200, { content: { iceServers: [] } });
    this.tell(this.joined(), 'created', `${base}/stream/${ids.stream}`, stream);
  }

  unpublish(member, transaction, { ids, base }) {
    const stream = this.streams.get(ids.stream);
    if (!stream) { this.status(member, transaction, 404); return; }
    const forced = stream.owner !== member.id;
    if (forced && !CAPABILITIES[member.role].includes('forceunpublish')) { this.status(member, transaction, 403); return; }
    const told = this.joined().filter(each => each.id !== stream.owner || forced || this.choices.unpublishEcho);
    const reason = forced ? 'forceUnpublished' : 'clientDisconnected';
    this.answering(this.choices.forceAck, member, transaction, () => {
      this.tell(told, 'deleted', `${base}/stream/${ids.stream}`, {}, { reason });
      this.streams.delete(ids.stream);
    });
  }

  signal(member, transaction, { ids, base, content }) {
    const one = ids.connection && ids.connection !== ids.session;
    const to = one ? [this.members.get(ids.connection)].filter(Boolean) : this.joined();
    if (one && to.length === 0) { this.status(member, transaction, 404); return; }
    this.answering(this.choices.signalAck, member, transaction, () => {
      for (const each of to) this.push(each, 'signal', `${base}/signal/${crypto.randomUUID()}`, content, { from: member.id });
    });
  }

  subscribe(member, transaction, { ids, uri }) {
    const stream = this.streams.get(ids.stream);
    if (!stream) { this.status(member, transaction, 404); return; }
    this.subscriptions.set(ids.subscriber, member.id);
    this.status(member, transaction, 200, { content: { iceServers: [] } });
    const owner = this.members.get(stream.owner);
    if (owner) this.push(owner, 'generateoffer', uri, { peerId: member.id, sourceStreamId: 'MANTIS' }, { from: member.id });
  }

  unsubscribe(member, transaction, { ids, uri }) {
    const stream = this.streams.get(ids.stream);
    const owner = stream && this.members.get(stream.owner);
    this.subscriptions.delete(ids.subscriber);
    this.status(member, transaction, 200);
    if (owner && owner !== member) this.push(owner, 'deleted', uri, {}, { from: member.id });
  }

  // Offers, answers and candidates go to the other side; of candidates those on loopback, so that
  // pictures never leave this machine.
  relay(member, transaction, { ids, uri, method, content }) {
    const quiet = method === 'candidate';
    this.status(member, transaction, 200, {}, quiet);
    const stream = this.streams.get(ids.stream);
    const subscriber = this.subscriptions.get(ids.subscriber);
    if (!stream || !subscriber || (quiet && !onLoopback(content.candidate))) return;
    const to = this.members.get(stream.owner === member.id ? subscriber : stream.owner);
    const sent = { ...content };
    if (sent.sdp) sent.sdp = sent.sdp.split('\r\n').filter(line => !line.startsWith('a=candidate') || onLoopback(line)).join('\r\n');
    if (to) this.push(to, method, uri, sent, { from: member.id, quiet });
  }

  muteSession(member, transaction, { base, content }) {
    if (content.reason !== 'mute' || !this.choices.mutes) { this.status(member, transaction, 200, {}, true); return; }
    const active = Boolean(content.active);
    const muting = { reason: 'mute', active, channels: ['audio'] };
    this.muted = active;
    this.choices.mute = false;
    this.answering(this.choices.forceAck, member, transaction, () => {
      this.tell(this.joined(), 'update', base, muting);
      if (active) for (const id of this.streams.keys()) if (!(content.exclusion || []).includes(id)) this.muteOwner(id, base, muting);
    });
  }

  muteStream(member, transaction, { ids, base, content }) {
    if (content.reason !== 'mute' || !this.choices.mutes) { this.status(member, transaction, 200, {}, true); return; }
    if (!this.streams.has(ids.stream)) { this.status(member, transaction, 404); return; }
    const muting = { reason: 'mute', active: true, channels: ['audio'] };
    this.answering(this.choices.forceAck, member, transaction, () => this.muteOwner(ids.stream, base, muting));
  }

  muteOwner(id, base, muting) {
    const owner = this.members.get(this.streams.get(id).owner);
    if (owner) this.push(owner, 'update', `${base}/stream/${id}`, muting);
  }
}

const REASONS = { mediaIdle: 'mediaIdle', serverRotation: 'serverRotation', forceDisconnect: 'forceDisconnected' };

const HANDLERS = {
  'connection#create': Room.prototype.join,
  'connection#delete': Room.prototype.forceDisconnect,
  'stream#create': Room.prototype.publish,
  'stream#delete': Room.prototype.unpublish,
  'signal#signal': Room.prototype.signal,
  'subscriber#create': Room.prototype.subscribe,
  'subscriber#delete': Room.prototype.unsubscribe,
  'session#update': Room.prototype.muteSession,
  'stream#update': Room.prototype.muteStream,
};

module.exports = { Room };
