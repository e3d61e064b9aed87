// Talks to a running server with the Node package "ws": node client.js ws://127.0.0.1:9001
// Prints one line for each case that passed; the first failure ends it with a stack trace and status 1.

import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import WebSocket from 'ws';

const base = process.argv[2];
const DEADLINE_MS = 20_000;

async function open(path) {
  const socket = new WebSocket(base + path, {maxPayload: 0});
  await once(socket, 'open');
  return socket;
}

async function close(socket, code = 1000) {
  socket.close(code, 'good bye');
  return (await once(socket, 'close'))[0];
}

// Sends the parts as the frames of one message and expects the whole of them back, of the same type.
async function echo(...parts) {
  const isText = typeof parts[0] === 'string';
  const whole = isText ? Buffer.from(parts.join('')) : Buffer.concat(parts);
  const socket = await open('/echo');
  const answer = once(socket, 'message');
  parts.forEach((part, i) => socket.send(part, {fin: i === parts.length - 1}));
  const [data, binary] = await answer;
  assert.equal(binary, !isText);
  assert.ok(whole.equals(data), `${data.length} bytes came back of ${whole.length}`);
  assert.equal(await close(socket), 1000);
}

const cases = {
  async text() {
    for (const message of ['hello', '', '\u20ac \u{1f600} \0', 'x'.repeat(70_000)]) {
      await echo(message);
    }
  },
  async binary() {
    await echo(Buffer.from(Array.from({length: 256}, (_, i) => i)));
    await echo(Buffer.alloc(0));
  },
  async mebibyte() {
    await echo(randomBytes(1 << 20));
  },
  async fragmented() {
    await echo('he', 'l', '', 'lo \u20ac');
    await echo(...[1, 0, 125, 126, 65_535, 65_536].map(n => randomBytes(n)));
  },
  async order() {
    const socket = await open('/echo');
    let next = 0;
    const all = new Promise((resolve, reject) => socket.on('message', data => {
      if (data.toString() !== String(next++)) {
        reject(new Error(`${data} came instead of ${next - 1}`));
      } else if (next === 1000) {
        resolve();
      }
    }));
    for (let i = 0; i < 1000; i++) {
      socket.send(String(i));
    }
    await all;
    await close(socket);
  },
  async ping() {
    const socket = await open('/echo');
    for (const payload of ['', 'are you there?', 'p'.repeat(125)]) {
      const pong = once(socket, 'pong');
      socket.ping(payload);
      assert.equal((await pong)[0].toString(), payload);
    }
    await close(socket);
  },
  async closeByClient() {
    for (const code of [1000, 1001, 3000, 4999]) {
      assert.equal(await close(await open('/echo'), code), code);
    }
  },
  async closeByServer() {
    for (const [message, code] of [[Buffer.from('not text'), 1003], ['x'.repeat(10_000), 1009]]) {
      const socket = await open('/chat/node?nick=js');
      socket.send(message);
      assert.equal((await once(socket, 'close'))[0], code);
    }
  },
  async refused() {
    await assert.rejects(open('/nowhere'), /404/);
  },
};

setTimeout(() => {
  throw new Error('not done in time');
}, DEADLINE_MS).unref();

for (const [name, run] of Object.entries(cases)) {
  await run();
  console.log('passed', name);
}
