'use strict';
// The frames of the messaging socket: type, addresses, headers, and data that is mostly JSON.

const TYPES = {
  SUBSCRIBE: 0, UNSUBSCRIBE: 1, MESSAGE: 2, CONNECT: 3, DISCONNECT: 4, PING: 7, PONG: 8, STATUS: 9,
};
const HEADER_BYTES = 6; // the length of the rest, and two bytes that are always 0

function text(value) {
  const bytes = Buffer.from(String(value), 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function encode(type, addresses, headers, data = '') {
  const pairs = Object.entries(headers);
  const body = Buffer.concat([
    Buffer.from([0, 0, type, addresses.length]),
    ...addresses.map(text),
    Buffer.from([pairs.length]),
    ...pairs.flatMap(([key, value]) => [text(key), text(value)]),
    Buffer.from(data, 'utf8'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function decode(frame) {
  let at = HEADER_BYTES;
  const word = () => {
    const length = frame.readUInt16BE(at);
    at += 2 + length;
    return frame.toString('utf8', at - length, at);
  };
  const type = frame[at++];
  const addresses = Array.from({ length: frame[at++] }, word);
  const headers = {};
  for (let left = frame[at++]; left > 0; left--) { const key = word(); headers[key] = word(); }
  return { type, addresses, headers, data: frame.toString('utf8', at) };
}

module.exports = { TYPES, encode, decode };
