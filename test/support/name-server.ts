import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses of both kinds, an error, or no answer at all. */
export type Records = readonly string[] | 'NXDOMAIN' | 'SERVFAIL' | 'silence';

const RCODES = { NXDOMAIN: 3, SERVFAIL: 2 } as const;
const TYPE_A = 1;
const TYPE_AAAA = 28;
/** What fits into a datagram everywhere; for more, clients come again by TCP. */
const MAX_DATAGRAM = 512;

export type NameServer = Awaited<ReturnType<typeof startNameServer>>;

/** A real DNS server on 127.0.0.1 that answers as told. @param recordsOf a name: asked for each question anew */
export async function startNameServer(recordsOf: (name: string, type: 'A' | 'AAAA') => Records) {
  const questions: string[] = [];

  function answer(query: Buffer): Buffer | null {
    const { name, end } = nameAt(query, 12);
    const type = query.readUInt16BE(end) === TYPE_A ? 'A' : 'AAAA';
    questions.push(`${name} ${type}`);
    const records = recordsOf(name, type);
    if (records === 'silence') return null;
    const found = typeof records === 'string' ? [] : records.filter((ip) => ipaddr.parse(ip).kind() === (type === 'A' ? 'ipv4' : 'ipv6'));
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (typeof records === 'string' ? RCODES[records] : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    return Buffer.concat([header, query.subarray(12, end + 4), ...found.map(record)]);
  }

  const udp = createSocket('udp4', (query, client) => {
    const full = answer(query);
    if (full === null) return;
    // With the bit that says that it is cut, and nothing but the question.
    if (full.length > MAX_DATAGRAM) full.writeUInt8(full.readUInt8(2) | 2, 2);
    if (full.length > MAX_DATAGRAM) full.writeUInt16BE(0, 6);
    udp.send(full.length > MAX_DATAGRAM ? full.subarray(0, nameAt(full, 12).end + 4) : full, client.port, client.address);
  }).bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const { port } = udp.address();

  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.on('data', (query) => {
      const full = answer(query.subarray(2));
      if (full === null) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(full.length);
      socket.write(Buffer.concat([length, full]));
    });
  }).listen(port, '127.0.0.1');
  await once(tcp, 'listening');

  return {
    address: `127.0.0.1:${port}`,
    /** What was asked, like `example.com A`. */
    questions,
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await Promise.all([once(udp.close(), 'close'), once(tcp.close(), 'close')]);
    },
  };
}

/** Every resolver of this process asks it. @returns what undoes that */
export function askInstead(server: NameServer): () => void {
  const { resolve4, resolve6 } = Resolver.prototype;
  const told = new WeakSet<Resolver>();
  const asking = (original: (name: string) => Promise<string[]>) =>
    function (this: Resolver, name: string): Promise<string[]> {
      // Not while a question is open.
      if (!told.has(this)) this.setServers([server.address]);
      told.add(this);
      return original.call(this, name);
    };
  Object.assign(Resolver.prototype, { resolve4: asking(resolve4), resolve6: asking(resolve6) });
  return () => void Object.assign(Resolver.prototype, { resolve4, resolve6 });
}

function nameAt(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** Its name is that of the question, and it may not be kept. */
function record(ip: string): Buffer {
  const address = ipaddr.parse(ip);
  const bytes = Buffer.from(address.toByteArray());
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(address.kind() === 'ipv4' ? TYPE_A : TYPE_AAAA, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}
