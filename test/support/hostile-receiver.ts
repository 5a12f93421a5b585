import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

const DRIP_MS = 50;
const OK = 'HTTP/1.1 200 OK\r\n';
const bomb = gzipSync(Buffer.alloc(20_000_000));

/** Again and again until the other side has had enough. */
function drip(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), DRIP_MS);
  socket.on('close', () => {
    clearInterval(timer);
  });
}

function flood(socket: Socket, bytes: Buffer): void {
  const pour = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', pour);
  pour();
}

const say = (text: string) => (socket: Socket) => void socket.end(text);

/** What receivers, or whoever sits at their address, may answer with, by the path that is called. */
export const HOSTILE: Readonly<Record<string, (socket: Socket) => void>> = {
  '/silence': () => undefined,
  '/hang-up': (socket) => void socket.destroy(),
  '/reset': (socket) => void socket.resetAndDestroy(),
  '/drip-headers': (socket) => {
    socket.write(OK);
    drip(socket, 'x');
  },
  '/drip-body': (socket) => {
    socket.write(`${OK}content-length: 1000000\r\n\r\n`);
    drip(socket, 'x');
  },
  '/endless-early-hints': (socket) => {
    drip(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
  },
  '/endless-body': (socket) => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
    flood(socket, Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'x'), Buffer.from('\r\n')]));
  },
  '/endless-headers': (socket) => {
    socket.write(OK);
    flood(socket, Buffer.from(`x-more: ${'x'.repeat(8_000)}\r\n`));
  },
  '/bomb': (socket) => {
    socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.end(bomb);
  },
  '/other-protocol': say('SSH-2.0-OpenSSH_9.6\r\n'),
  '/http-0.9': say('<html>hello</html>'),
  '/status-99': say('HTTP/1.1 99 Low\r\ncontent-length: 0\r\n\r\n'),
  '/status-600': say('HTTP/1.1 600 High\r\ncontent-length: 0\r\n\r\n'),
  '/status-1000': say('HTTP/1.1 1000 Higher\r\ncontent-length: 0\r\n\r\n'),
  '/two-lengths': say(`${OK}content-length: 2\r\ncontent-length: 3\r\n\r\nokk`),
  '/length-and-chunks': say(`${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  '/short-body': say(`${OK}content-length: 100\r\n\r\nonly this`),
  '/bad-chunk': say(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\nok\r\n`),
  '/switching-protocols': say('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
  '/nul-bytes': say(`${OK}content-length: 4\r\n\r\n\0\0\0\0`),
  '/retry-after-for-ever': say('HTTP/1.1 503 Busy\r\nretry-after: 1e99\r\ncontent-length: 0\r\n\r\n'),
};

/** A server that reads a request and answers as badly as its path says. */
export async function startHostileReceiver() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', (request) => HOSTILE[/^POST (\S+)/.exec(request.toString())?.[1] ?? '']?.(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
