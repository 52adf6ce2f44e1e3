'use strict';
// What the server chooses; a story's `cfg` may say otherwise. None of it is a fact about the client.

module.exports = {
  leaveOrder: 'stream-first',      // of a leaver: its streams first, or 'connection-first', or 'connection-only'
  leaveReason: 'clientDisconnected',
  lostReason: 'networkDisconnected',
  graceMs: 45000,                  // how long a connection without a socket is kept
  unpublishEcho: true,             // who unpublishes is itself told the end of the stream
  forceAck: 'ack-first',           // a moderator's answer before the news, or 'ack-last'
  victimGetsStreamDeleted: true,   // who is made to leave is itself told the end of its streams
  closeVictim: false,              // and its socket is closed
  signalAck: 'ack-first',          // a signal's answer before the signal, or 'ack-last'
  pokeOnReconnect: false,          // a socket that comes back is spoken to at once
  replayUnacked: true,             // and told again what was not acknowledged
  refuseReattachWhenGone: 'close', // a socket that comes back too late is closed, or told the end: 'deleted'
  p2p: 'enabled',
  reconnection: true,
  mute: false,                     // whether the session is muted when one joins
  mutes: false,                    // whether commands to mute are carried out
  rejectConnect: null,             // {status, reason} for everybody who joins
  joinDelayMs: 0,                  // how much later a join is carried out and answered
  loseJoinAnswers: 0,              // so many joins are carried out without a word to their client
  repeatedJoin: null,              // status for the join of a connection that is there already
};
