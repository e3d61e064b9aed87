// Compression with the Node package "ws", in every combination of parameters that it can offer:
//   node deflate.js client ws://127.0.0.1:9001 ...   against running servers, whose paths /echo echo
//   node deflate.js server                           echoes itself; prints its ports, one for each set of its own parameters, and
//                                                    ends with its standard input
// The client prints one line for each server that passed; the first failure ends it with a stack trace and status 1.

import assert from 'node:assert/strict';
import {once} from 'node:events';
import WebSocket, {WebSocketServer} from 'ws';

const DEADLINE_MS = 100_000;
const BITS = [8, 9, 12, 15];

function json(i, items) {
  return JSON.stringify(Array.from({length: items}, (_, n) => ({id: i * 1000 + n, name: `item ${n}`, price: n * 1.25, tags: ['new', 'sale']})));
}

const MESSAGES = [json(1, 20), 'short', '', json(2, 20), Buffer.from(json(3, 1000)), json(1, 20), json(4, 5)];

function* combinations() {
  // Not false, by which ws does not offer anything else, but refuses what the server may answer by the RFC.
  for (const serverNoContextTakeover of [undefined, true]) {
    for (const clientNoContextTakeover of [undefined, true]) {
      for (const serverMaxWindowBits of [undefined, ...BITS]) {
        for (const clientMaxWindowBits of [undefined, true, ...BITS]) {
          yield {threshold: 0, serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits};
        }
      }
    }
  }
}

async function talk(url, options) {
  const socket = new WebSocket(url + '/echo', {perMessageDeflate: options});
  await once(socket, 'open');
  assert.match(socket.extensions, /permessage-deflate/, JSON.stringify(options));
  let sent = 0;
  for (const message of MESSAGES) {
    const answer = once(socket, 'message');
    socket.send(message);
    const [data, binary] = await answer;
    assert.equal(binary, typeof message !== 'string');
    assert.ok(Buffer.from(message).equals(data), `${data.length} bytes came back of ${message.length}`);
    sent += message.length;
  }
  // Fragments of one compressed message.
  const answer = once(socket, 'message');
  socket.send('x'.repeat(1000), {fin: false});
  socket.send('y'.repeat(1000));
  assert.equal((await answer)[0].toString(), 'x'.repeat(1000) + 'y'.repeat(1000));
  assert.ok(socket._socket.bytesRead < sent / 2, `${socket._socket.bytesRead} bytes came for ${sent}`);
  socket.close();
  assert.equal((await once(socket, 'close'))[0], 1000);
}

async function client(urls) {
  for (const url of urls) {
    let count = 0;
    for (const options of combinations()) {
      await talk(url, options);
      count++;
    }
    console.log('passed', count);
  }
  const plain = new WebSocket(urls[0] + '/echo', {perMessageDeflate: false});
  await once(plain, 'open');
  assert.equal(plain.extensions, '');
  plain.close();
  // What is no list of extensions, and no deflate data.
  await assert.rejects(once(new WebSocket(urls[0] + '/echo', {headers: {'Sec-WebSocket-Extensions': 'a;;'}, perMessageDeflate: false}),
    'open'), /400/);
  const bad = new WebSocket(urls[0] + '/echo', {perMessageDeflate: {threshold: 0}});
  await once(bad, 'open');
  bad._socket.write(Buffer.from([0xC2, 0x83, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]));
  assert.equal((await once(bad, 'close'))[0], 1007);
  console.log('passed others');
}

async function server() {
  const own = [true, {threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true},
    {threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 10}, {threshold: 0, serverNoContextTakeover: true}, false];
  const ports = [];
  for (const perMessageDeflate of own) {
    const echo = new WebSocketServer({host: '127.0.0.1', port: 0, perMessageDeflate});
    echo.on('connection', socket => {
      socket.on('message', (data, binary) => socket.send(data, {binary}));
      socket.on('error', () => {});
    });
    await once(echo, 'listening');
    ports.push(echo.address().port);
  }
  console.log(ports.join(' '));
  process.stdin.resume();
  await once(process.stdin, 'end');
  process.exit(0);
}

setTimeout(() => {
  throw new Error('not done in time');
}, DEADLINE_MS).unref();

await (process.argv[2] === 'server' ? server() : client(process.argv.slice(3)));
