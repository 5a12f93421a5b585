import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '../../../../test/support/eventually';
import { AddressGuard } from '../../outbound/address-guard';
import { resolveHost } from '../../outbound/resolve-host';
import { SystemClock } from '../../time/clock';
import type { Destination } from '../destination-kind';
import { AmqpDestinationKind } from './amqp-destination';

const CONNECTION = 10;
const CHANNEL = 20;
const BASIC = 60;
const CONFIRM = 85;

const int16 = (n: number) => Buffer.from([n >> 8, n & 0xff]);
const int32 = (n: number) => Buffer.concat([int16(n >>> 16), int16(n & 0xffff)]);
const short = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const long = (text: string) => Buffer.concat([int32(text.length), Buffer.from(text)]);
const frame = (type: number, channel: number, content: Buffer) =>
  Buffer.concat([Buffer.from([type]), int16(channel), int32(content.length), content, Buffer.from([0xce])]);
const method = (channel: number, of: number, id: number, ...fields: Buffer[]) =>
  frame(1, channel, Buffer.concat([int16(of), int16(id), ...fields]));

const START = method(0, CONNECTION, 10, Buffer.from([0, 9]), int32(0), long('PLAIN'), long('en_US'));
const TUNE = method(0, CONNECTION, 30, int16(0), int32(131_072), int16(0));
const OPEN_OK = method(0, CONNECTION, 41, short(''));
const CHANNEL_OPEN_OK = method(1, CHANNEL, 11, long(''));
const CONFIRM_OK = method(1, CONFIRM, 11);
/** What a broker says to each step of a publisher that opens a connection. */
const OPENING = [START, TUNE, OPEN_OK, CHANNEL_OPEN_OK, CONFIRM_OK];

const closeOf = (channel: number, of: number, id: number, code: number, text: string) =>
  method(channel, of, id, int16(code), short(text), int16(0), int16(0));
/** A message of the publisher that comes back, of so many bytes. */
const returned = (size: number) => [
  method(1, BASIC, 50, int16(312), short('NO_ROUTE'), short(''), short('orders')),
  frame(2, 1, Buffer.concat([int16(BASIC), int16(0), int32(0), int32(size), int16(0)])),
];

/** What no real broker does, or nobody can see from outside of one; the rest is in `test/e2e/amqp.e2e-spec.ts`. */
describe('a broker', () => {
  const undo: (() => unknown)[] = [];
  let destination: Destination;

  beforeEach(() => {
    const guard = new AddressGuard(['127.0.0.0/8']);
    destination = new AmqpDestinationKind().open({ guard, clock: new SystemClock(), maxInFlight: 10, resolve: resolveHost });
  });
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
    await destination.close();
  });

  /** A broker that says what it is told to, one thing to each that it hears, and then what `last` does with the connection. */
  const broker = async (script: readonly Buffer[], last: (socket: Socket) => void = () => undefined) => {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket);
      const lines = [...script];
      socket.on('error', () => undefined);
      socket.on('data', (heard: Buffer) => {
        // Tune-ok and open come as two, and are one step.
        const line = heard.includes(method(0, CONNECTION, 31).subarray(7, 11)) && lines[0] === TUNE ? undefined : lines.shift();
        if (line) socket.write(line);
        else if (lines.length === 0) last(socket);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    undo.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return { url: `amqp://127.0.0.1:${(server.address() as AddressInfo).port}/?routingKey=orders`, sockets };
  };
  const send = (url: string, timeoutMs = 5_000) =>
    destination.send(
      {
        method: 'POST',
        url,
        headers: { authorization: 'Basic YTpi', 'webhook-id': 'msg_1' },
        body: Buffer.from('{}'),
        timeoutMs,
      },
      new AbortController().signal,
    );

  it.each<[string, Buffer]>([
    ['garbage', Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')],
    ['a word on a channel that there is not', method(7, CONNECTION, 41, short(''))],
    ['a last word', closeOf(0, CONNECTION, 50, 541, 'INTERNAL_ERROR')],
    ['a frame of 4 GB', Buffer.concat([Buffer.from([3]), int16(0), int32(0xffffffff)])],
  ])('that sends %s with its last word of the opening fails that attempt', async (_, more) => {
    const { url } = await broker([START, TUNE, Buffer.concat([OPEN_OK, more])]);
    expect(await send(url)).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^(bad_response|amqp_closed|connection_lost)$/) as string,
    });
  });

  it.each(OPENING.map((_, step) => [step]))(
    'that falls silent after %d steps of the opening is waited for until the deadline',
    async (step) => {
      const { url } = await broker(OPENING.slice(0, step));
      expect(await send(url, 300)).toMatchObject({ kind: 'failed', reason: 'timeout_connect' });
    },
  );

  it('has one connection for each exchange and login, as long as it confirms', async () => {
    const confirmed = new Map<Socket, number>();
    const { url, sockets } = await broker(OPENING, (socket) => {
      const tag = (confirmed.get(socket) ?? 0) + 1;
      confirmed.set(socket, tag);
      socket.write(method(1, BASIC, 80, int32(0), int32(tag), Buffer.from([0])));
    });
    for (const target of [url, url, `${url}&exchange=other`, url.replace('orders', 'invoices')])
      expect(await send(target)).toMatchObject({ kind: 'accepted' });
    expect(sockets.map((socket) => confirmed.get(socket))).toEqual([3, 1]);
  });

  it('that confirms nothing is asked on another connection the next time', async () => {
    const { url, sockets } = await broker(OPENING);
    for (let n = 1; n <= 2; n++) {
      expect(await send(url, 300)).toMatchObject({ kind: 'failed', reason: 'timeout_confirm', wire: { address: '127.0.0.1' } });
      expect(sockets).toHaveLength(n);
    }
  });

  it('that returns more than it was given is hung up on', async () => {
    const endless = Buffer.concat([...returned(1_000_000_000), ...Array.from({ length: 40 }, () => frame(3, 1, Buffer.alloc(100_000)))]);
    const { url, sockets } = await broker(OPENING, (socket) => socket.write(endless));
    expect(await send(url)).toMatchObject({ kind: 'failed', reason: 'bad_response' });
    await eventually(() => sockets[0]!.destroyed);
  });

  it('that closes the channel or the connection is quoted', async () => {
    const full = await broker(OPENING, (socket) => socket.write(closeOf(1, CHANNEL, 40, 406, 'PRECONDITION_FAILED - too large')));
    expect(await send(full.url)).toMatchObject({ reason: 'amqp_closed', body: Buffer.from('PRECONDITION_FAILED - too large') });
    const forced = await broker(OPENING, (socket) => socket.write(closeOf(0, CONNECTION, 50, 320, 'CONNECTION_FORCED - bye')));
    expect(await send(forced.url)).toMatchObject({ reason: 'amqp_closed', body: Buffer.from('CONNECTION_FORCED - bye') });
  });
});
