// An echo server on ws. It ends with its standard input.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer(
  { host: '127.0.0.1', port: 0, perMessageDeflate: false, maxPayload: 16 << 20, backlog: 4096 },
  () => console.log(`READY ${server.address().port}`));
server.on('connection', (socket, request) => {
  request.socket.setNoDelay(true);
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on('error', () => {});
});
process.stdin.on('end', () => process.exit(0)).resume();
