'use strict';
// The app in the page: it drives the real client, and writes down every dispatch at the moment of the
// dispatch, every call, and how each call ended.
(() => {
  const PUBLIC = {
    session: ['archiveStarted', 'archiveStopped', 'connectionCreated', 'connectionDestroyed', 'muteForced', 'sessionConnected', 'sessionDisconnected',
      'sessionReconnected', 'sessionReconnecting', 'signal', 'signal:chat', 'streamCreated', 'streamDestroyed', 'streamPropertyChanged'],
    publisher: ['accessAllowed', 'accessDenied', 'accessDialogOpened', 'accessDialogClosed', 'destroyed', 'mediaStopped', 'muteForced', 'streamCreated',
      'streamDestroyed', 'videoDimensionsChanged', 'videoElementCreated', 'videoDisabled', 'videoEnabled'],
    subscriber: ['audioBlocked', 'audioUnblocked', 'captionReceived', 'connected', 'destroyed', 'disconnected', 'videoDimensionsChanged', 'videoDisabled',
      'videoDisableWarning', 'videoDisableWarningLifted', 'videoElementCreated', 'videoEnabled'],
    OT: ['exception'],
  };
  const NOISE = /^(audioLevel.*|qos|.*Qos.*|streamUpdated|newListener|removeListener|.*:added|.*:removed|cpuPerformanceChanged|signalingNetworkQualityScoreChanged|networkConditionChanged|videoQualityChanged|videoDimensionsChanged|rtcStatsReport.*)$/;
  const SMALL = { insertMode: 'append', width: 160, height: 120 };
  const CAMERA = { ...SMALL, resolution: '320x240', frameRate: 7, publishCaptions: false, audioFallback: { publisher: false } };
  const LISTENER = { by: 'listener' };

  const records = [];
  const people = new Map();  // connection id -> name
  const publishers = [];     // {label, it}
  const subscribers = [];    // {label, person, it, gone}
  const dispatching = [];    // the records of the dispatches that are going on
  let app = null;            // this client, as the story describes it
  let session = null;

  const now = () => performance.timeOrigin + performance.now();

  // -- who is who

  const nameOf = id => people.get(id) || id;
  const learn = connection => {
    const named = /name=(\S+)/.exec((connection && connection.data) || '');
    if (named) people.set(connection.id, named[1]);
  };
  const learnAll = event => {
    if (event) { learn(event.connection); learn(event.stream && event.stream.connection); }
    if (!session) return;
    learn(session.connection);
    if (session.connections) session.connections.forEach(learn);
  };
  const labelOf = target => {
    const known = [...publishers, ...subscribers].find(each => each.it === target);
    return known ? known.label : null;
  };

  // -- writing down

  const inPage = selector => document.querySelectorAll(selector).length;
  const state = () => ({
    ...(session ? {
      session_state: session.currentState,
      session_connected: session.isConnected(),
      connection: session.connection ? nameOf(session.connection.id) : null,
      n_connections: session.connections.length(),
      n_streams: session.streams.length(),
    } : {}),
    dom_publishers: inPage('.OT_publisher'),
    dom_subscribers: inPage('.OT_subscriber'),
    dom_subscriber_videos: inPage('.OT_subscriber video'),
  });
  const write = what => {
    const record = { t: now(), seq: records.length, client: app.name, ...what };
    records.push(record);
    return record;
  };
  const errorOf = error => (error ? { error_name: error.name, code: error.code, message: error.message } : {});

  const described = (name, event) => {
    const said = { reason: event.reason, cancelable: event.cancelable };
    if (event.connection) said.about = `connection ${nameOf(event.connection.id)}`;
    if (event.stream) said.about = `stream of ${nameOf(event.stream.connection && event.stream.connection.id)}`;
    if (/^signal/.test(name)) { said.data = event.data; said.from = event.from ? nameOf(event.from.id) : null; }
    if (name === 'exception') Object.assign(said, { code: event.code, title: event.title, message: event.message });
    return said;
  };

  // Writes down what an object dispatches, before anybody is told.
  function watch(object, kind, label = kind) {
    const known = new Set(PUBLIC[kind]);
    const { trigger } = object;
    object.trigger = function (name, ...args) {
      if (NOISE.test(name)) return trigger.call(object, name, ...args);
      const event = args[0] && typeof args[0] === 'object' && 'type' in args[0] ? args[0] : null;
      learnAll(event);
      const record = write({
        object: label,
        kind: known.has(name) || /^signal:/.test(name) ? 'event' : 'internal',
        event: name,
        ...(event ? described(name, event) : errorOf(args[0] instanceof Error ? args[0] : null)),
        app_listener_ran: false,
        state: state(),
      });
      if (kind === 'subscriber' && name === 'destroyed') subscribers.find(each => each.it === object).gone = true;
      dispatching.push(record);
      try { return trigger.call(object, name, ...args); } finally {
        dispatching.pop();
        if (event && typeof event.isDefaultPrevented === 'function') record.default_prevented = event.isDefaultPrevented();
      }
    };
    for (const name of known) {
      object.on(name, () => {
        const record = dispatching.findLast(each => each.event === name);
        if (record) record.app_listener_ran = true;
      });
    }
  }

  // Makes a call, and writes down that it was made, what it threw, and how it ended.
  function call(label, make, more) {
    write({ object: 'app', kind: 'call', event: label, state: state(), ...more });
    const ended = (kind, error) => write({ object: 'app', kind, event: label, ok: !error, state: state(), ...errorOf(error) });
    let made;
    try { made = make(error => ended('callback', error)); } catch (error) {
      write({ object: 'app', kind: 'throw', event: label, ...errorOf(error) });
      return undefined;
    }
    if (!made || typeof made.then !== 'function') return made;
    made.then(() => ended('promise', null), error => ended('promise', error));
    return undefined; // a promise cannot be handed to the recorder
  }

  // -- what the app does in its listeners, and what it keeps from happening

  const LISTENED = /\b(preventDefault|disconnect|connect|publish|unpublish|subscribe|unsubscribe|destroy|signal)\(/g;
  // `again` belongs to the app: a guard means the first time only, whichever object it is about.
  const compiled = does => new Function(`let again; return (e, L) => { ${does.replace(LISTENED, 'L.$1(')} };`)();

  function listen(object, kind) {
    for (const listener of app.listeners) {
      if ((listener.object || 'session') === kind) object.on(listener.event, event => listener.run(event, deeds(event)));
    }
    for (const prevented of app.prevents) {
      const [of, name] = prevented.split(':');
      if (of === kind) object.on(name, event => event.preventDefault());
    }
  }

  const deeds = event => ({
    preventDefault: () => event.preventDefault(),
    connect: () => connect(LISTENER),
    disconnect: () => disconnect(LISTENER),
    publish: () => publish(LISTENER),
    unpublish: () => {
      for (const { it } of [...publishers]) if (it && it.session === session) call('unpublish', () => session.unpublish(it), LISTENER);
    },
    subscribe: () => subscribe(event.stream, LISTENER),
    unsubscribe: () => {
      for (const { label, it, gone } of [...subscribers]) if (it && !gone) call(`unsubscribe ${label}`, () => session.unsubscribe(it), LISTENER);
    },
    destroy: () => {
      const { target } = event;
      if (subscribers.some(each => each.it === target)) { call('unsubscribe', () => session.unsubscribe(target), LISTENER); return; }
      const publisher = publishers.find(each => each.it === target) || publishers.at(-1);
      if (publisher) call('destroy', () => { publisher.it.destroy(); }, LISTENER);
    },
    signal: said => call('signal', done => session.signal(said, done), LISTENER),
  });

  // -- the calls of a story

  const connect = more => call('connect', done => session.connect(app.token, done), more);
  const disconnect = more => call('disconnect', () => session.disconnect(), more);

  function place(id) { return document.getElementById(id).appendChild(document.createElement('div')); }

  function newPublisher() {
    const made = { label: `publisher${publishers.length || ''}`, it: null };
    publishers.push(made);
    made.it = OT.initPublisher(place('publishers'), CAMERA);
    watch(made.it, 'publisher', made.label);
    listen(made.it, 'publisher');
    return made.it;
  }

  function publish(more) {
    const publisher = newPublisher();
    return call('publish', done => session.publish(publisher, done), more);
  }

  function subscribe(stream, more) {
    learn(stream.connection);
    const person = nameOf(stream.connection.id);
    const earlier = subscribers.filter(each => each.person === person).length;
    const made = { label: `subscriber(${person})${earlier ? `#${earlier}` : ''}`, person, it: null, gone: false };
    subscribers.push(made);
    made.it = call(`subscribe ${made.label}`, done => session.subscribe(stream, place('subscribers'), { ...SMALL, testNetwork: false }, done), more);
    if (!made.it) return;
    watch(made.it, 'subscriber', made.label);
    listen(made.it, 'subscriber');
  }

  function connectionNamed(name) {
    let found = null;
    session.connections.forEach(each => { learn(each); if (nameOf(each.id) === name) found = each; });
    return found;
  }

  function streamNamed(name) {
    let found = null;
    session.streams.forEach(each => { learn(each.connection); if (nameOf(each.connection.id) === name) found = each; });
    return found;
  }

  const meant = args => (args && args.publisher !== 'the same as before' ? publishers.find(each => each.label === args.publisher) : publishers.at(-1));

  function signal(said, more) {
    const sent = {};
    for (const key of ['type', 'data']) if (said[key] !== undefined) sent[key] = said[key];
    if (said.retry_after_reconnect !== undefined) sent.retryAfterReconnect = said.retry_after_reconnect;
    if (said.to) {
      sent.to = connectionNamed(said.to.connection_of);
      if (!sent.to) return;
    }
    call(`signal ${said.data}`, done => session.signal(sent, done), more);
  }

  const about = (find, target, make) => { const found = find(target); if (found) make(found); };

  // Each takes the arguments, the target, and what is written down of the call. What a call is about
  // may not be there: then it is not made.
  const ACTS = {
    connect: () => connect(),
    disconnect: () => disconnect(),
    publish: () => publish(),
    'publish again': (args, target, more) => { const made = publishers.at(-1); if (made) call('publish again', done => session.publish(made.it, done), more); },
    unpublish: (args, target, more) => { const made = meant(args); if (made) call('unpublish', () => session.unpublish(made.it), more); },
    destroy: (args, target, more) => { const made = meant(args); if (made) call('publisher.destroy', () => { made.it.destroy(); }, more); },
    subscribe: (args, target, more) => about(streamNamed, args.stream_of, stream => subscribe(stream, more)),
    unsubscribe: (args, target, more) => {
      const made = subscribers.filter(each => each.it)[args.subscriber];
      if (made) call('unsubscribe', () => session.unsubscribe(made.it), more);
    },
    signal: (args, target, more) => signal(args, more),
    forceDisconnect: (args, target, more) => about(connectionNamed, target, it => call('forceDisconnect', done => session.forceDisconnect(it, done), more)),
    forceUnpublish: (args, target, more) => about(streamNamed, target, it => call('forceUnpublish', done => session.forceUnpublish(it, done), more)),
    forceMuteStream: (args, target, more) => about(streamNamed, target, it => call('forceMuteStream', () => session.forceMuteStream(it), more)),
    forceMuteAll: () => call('forceMuteAll', () => session.forceMuteAll([])),
    disableForceMute: () => call('disableForceMute', () => session.disableForceMute()),
  };

  window.recorder = {
    begin(description) {
      app = { ...description, listeners: description.listeners.map(each => ({ ...each, run: compiled(each.does) })) };
      OT.setLogLevel(0);
      watch(OT, 'OT');
      session = OT.initSession('1234567', '1_RECORDED', app.suppressed ? { connectionEventsSuppressed: true } : undefined);
      watch(session, 'session');
      if (app.auto_subscribe) session.on('streamCreated', event => subscribe(event.stream, { by: 'auto-subscribe' }));
      listen(session, 'session');
    },
    act(acts) {
      for (const { do: name, args, target } of acts) {
        if (!ACTS[name]) throw new Error(`unknown act ${name}`);
        ACTS[name](args, target, { ...(args ? { args } : {}), ...(target ? { target } : {}) });
      }
    },
    ended: name => records.some(each => each.kind === 'callback' && each.event === name),
    subscribed: () => records.filter(each => each.kind === 'callback' && each.ok && each.event.startsWith('subscribe ')).length,
    finish() { write({ object: 'app', kind: 'marker', event: 'final', state: state() }); },
    records: () => records,
    // What a page says while it is closed goes out with a beacon.
    closing() {
      const from = records.length;
      const flush = () => navigator.sendBeacon('/beacon', JSON.stringify({ name: app.name, records: records.slice(from) }));
      for (const event of ['pagehide', 'unload']) window.addEventListener(event, flush);
      return records;
    },
  };
})();
