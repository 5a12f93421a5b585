import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '../../../../test/support/eventually';
import { AddressGuard } from '../../outbound/address-guard';
import { resolveHost } from '../../outbound/resolve-host';
import { SystemClock } from '../../time/clock';
import { type AttemptOutcome, type AttemptRequest, CONNECTION_REASONS } from '../attempt-outcome';
import type { Destination, DestinationKind } from '../destination-kind';

export type Arrival = { readonly headers: Readonly<Record<string, unknown>>; readonly body: Buffer };

export type DestinationSample = {
  /** Of a receiver on this machine that takes all it gets. */
  readonly url: string;
  /** What it has got so far. */
  readonly arrivals: () => Promise<readonly Arrival[]>;
  /** The same kind of URL, of whatever listens at this port of 127.0.0.1. */
  readonly at: (port: number) => string;
  /** URLs at which an attempt fails by the kind's own doing, by the reason. */
  readonly failing: Readonly<Record<string, string>>;
  /** URLs of its schemes that it does not take. */
  readonly wrong: readonly string[];
  /** That it needs to be let in. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const PATIENT = 15_000;
const IMPATIENT = 400;
const ANYTHING = Buffer.from(Array.from({ length: 200_000 }, (_, n) => n % 256));

/** Every implementation of the port must pass this: `describeDestinationKind('MyKind', new MyKind(), …)` in a spec of its own. */
export function describeDestinationKind(name: string, kind: DestinationKind, open: () => Promise<DestinationSample>): void {
  describe(`${name} as a DestinationKind`, () => {
    let sample: DestinationSample;
    let destination: Destination;
    const servers: Server[] = [];
    const callers = new Set<Socket>();
    const opened = (allowed: readonly string[], resolve = resolveHost) =>
      kind.open({ guard: new AddressGuard(allowed), clock: new SystemClock(), maxInFlight: 100, resolve });

    beforeAll(async () => {
      sample = await open();
      destination = opened(LOOPBACK);
    }, 120_000);
    afterAll(async () => {
      await destination.close();
      for (const server of servers) server.close();
      for (const socket of callers) socket.destroy();
      await sample.close();
    });

    const requestOf = (id: string, changes: Partial<AttemptRequest> = {}): AttemptRequest => ({
      method: 'POST',
      url: sample.url,
      headers: {
        'content-type': 'application/json',
        'x-own': 'yes',
        ...sample.headers,
        'webhook-id': id,
        'webhook-timestamp': '1893456000',
        'webhook-signature': `v1,${id}`,
      },
      body: Buffer.from(`{"id":"${id}"}`),
      timeoutMs: PATIENT,
      ...changes,
    });
    const send = (request: AttemptRequest, by = destination, signal = new AbortController().signal) => by.send(request, signal);
    const succeeded = (outcome: AttemptOutcome) =>
      outcome.kind === 'accepted' || (outcome.kind === 'answered' && outcome.statusCode >= 200 && outcome.statusCode < 300);
    const arrived = async (id: string) => (await sample.arrivals()).filter(({ headers }) => headers['webhook-id'] === id);
    /** What it does with whoever calls, and how many did. */
    const listener = async (answer: (socket: Socket) => void) => {
      let calls = 0;
      const server = createServer((socket) => {
        calls++;
        callers.add(socket);
        answer(socket.on('error', () => undefined));
      }).listen(0, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      return { url: sample.at((server.address() as AddressInfo).port), server, calls: () => calls };
    };

    it('is declared by words that fit into URLs, logs and metrics, and says what they mean', () => {
      expect(kind.name).toMatch(/^[a-z0-9]+$/);
      for (const scheme of kind.schemes) expect(scheme).toMatch(/^[a-z][a-z0-9+.-]*:$/);
      for (const [word, sentence] of Object.entries(kind.reasons)) {
        expect(word).toMatch(/^[a-z0-9_]+$/);
        expect(sentence).toMatch(/owner|operator/);
      }
    });

    it('finds good what it can bring messages to, and says of all else what is wrong', () => {
      expect(kind.flawOf(sample.url, new AddressGuard(LOOPBACK))).toBeNull();
      expect(kind.flawOf(sample.url, new AddressGuard([]))).toMatch(/loopback|label|localhost/);
      for (const url of [
        ...sample.wrong,
        `${sample.url} `,
        'unknown://example.com/',
        `${kind.schemes[0]!}//`,
        `${kind.schemes[0]!}//user:secret@example.com/`,
      ])
        expect([url, kind.flawOf(url, new AddressGuard(LOOPBACK))]).toEqual([url, expect.stringMatching(/^[A-Z].+\.$/)]);
    });

    it('brings exactly these bytes and these headers, of the first message and of those after it', async () => {
      for (const [id, body] of [
        ['msg_first', ANYTHING],
        ['msg_second', Buffer.from('{"ü":1}')],
      ] as const) {
        const request = requestOf(id, { body });
        const outcome = await send(request);
        expect(outcome).toMatchObject({ wire: { address: expect.stringMatching(/^127\.|^::1$/) as string } });
        expect(succeeded(outcome)).toBe(true);
        const [arrival] = await eventually(async () => (await arrived(id)).length > 0 && arrived(id));
        expect(arrival!.body.equals(body)).toBe(true);
        const { 'webhook-id': given, 'webhook-timestamp': timestamp, 'webhook-signature': signature, 'x-own': own } = request.headers;
        expect(arrival!.headers).toMatchObject({
          'webhook-id': given,
          'webhook-timestamp': timestamp,
          'webhook-signature': signature,
          'x-own': own,
        });
      }
    });

    it('tells how long the connection took, to the attempt that waited for it', async () => {
      const fresh = opened(LOOPBACK);
      const timings = [];
      for (let n = 0; n < 5; n++) {
        const outcome = await send(requestOf(`msg_timed_${n}`), fresh);
        timings.push(outcome.kind !== 'aborted' && outcome.wire.timings);
      }
      expect(timings[0]).toMatchObject({ connectMs: expect.any(Number) as number });
      expect(timings).toContainEqual(expect.objectContaining({ connectMs: null }));
      for (const timing of timings) expect(timing).toMatchObject({ firstByteMs: expect.any(Number) as number });
      await fresh.close();
    });

    it('brings many at once, each once', async () => {
      const ids = Array.from({ length: 50 }, (_, n) => `msg_many_${n}`);
      const outcomes = await Promise.all(ids.map((id) => send(requestOf(id))));
      expect(outcomes.filter(succeeded)).toHaveLength(50);
      const found = async () =>
        (await sample.arrivals()).map(({ headers }) => String(headers['webhook-id'])).filter((id) => ids.includes(id));
      await eventually(async () => (await found()).length >= 50);
      expect((await found()).sort()).toEqual([...ids].sort());
    });

    it('dials nobody whose address is not allowed', async () => {
      const strict = opened([], () => Promise.resolve(['127.0.0.1']));
      const { url, calls } = await listener((socket) => socket.end());
      for (const target of [url, ...['localhost', 'inside.example.com'].map((host) => url.replace('127.0.0.1', host)), sample.url])
        expect(await send(requestOf('msg_blocked', { url: target }), strict)).toMatchObject({ kind: 'failed', reason: 'ssrf_blocked' });
      expect(calls()).toBe(0);
      expect(await arrived('msg_blocked')).toEqual([]);
      await strict.close();
    });

    it('says why there was no connection', async () => {
      const { url, server } = await listener(() => undefined);
      await new Promise((resolve) => server.close(resolve));
      expect(await send(requestOf('msg_refused', { url }))).toMatchObject({ kind: 'failed', reason: 'tcp_refused' });
      const lost = sample.at(1).replace('127.0.0.1', 'nobody.invalid');
      const unknown = opened(LOOPBACK, () => Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND', syscall: 'queryA' })));
      expect(await send(requestOf('msg_lost', { url: lost }), unknown)).toMatchObject({ kind: 'failed', reason: 'dns_nxdomain' });
      await unknown.close();
    });

    it('ends at the deadline of the attempt, or before, whatever the receiver does', async () => {
      const answers: ((socket: Socket) => void)[] = [
        () => undefined,
        (socket) => socket.end(),
        (socket) => socket.destroy(),
        (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
        (socket) => socket.once('data', () => socket.write(Buffer.alloc(300_000, 0xce))),
      ];
      for (const answer of answers) {
        const { url } = await listener(answer);
        const outcome = await send(requestOf('msg_hostile', { url, timeoutMs: IMPATIENT }));
        expect(outcome).toMatchObject({ kind: 'failed' });
        if (answer === answers[0]) expect(outcome).toMatchObject({ reason: expect.stringMatching(/^timeout_/) as string });
        expect([...CONNECTION_REASONS, ...Object.keys(kind.reasons)]).toContain(outcome.kind === 'failed' && outcome.reason);
      }
    });

    it('fails by the words that it has declared', async () => {
      for (const [reason, url] of Object.entries(sample.failing)) {
        expect([...CONNECTION_REASONS, ...Object.keys(kind.reasons)]).toContain(reason);
        expect([url, await send(requestOf('msg_failing', { url }))]).toEqual([url, expect.objectContaining({ kind: 'failed', reason })]);
      }
    });

    it('never rejects what cannot be sent', async () => {
      for (const changes of [
        { url: `${kind.schemes[0]!}//` },
        { headers: { ...requestOf('x').headers, [`x-${'a'.repeat(300)}`]: '\0\r\n' } },
      ])
        expect(await send(requestOf('msg_impossible', changes))).toMatchObject({ kind: 'failed' });
    });

    it('is ended by the signal, before and while it waits', async () => {
      expect(await send(requestOf('msg_aborted'), destination, AbortSignal.abort())).toEqual({ kind: 'aborted' });
      const { url } = await listener(() => undefined);
      const abort = new AbortController();
      const outcome = send(requestOf('msg_aborted', { url }), destination, abort.signal);
      abort.abort();
      expect(await outcome).toEqual({ kind: 'aborted' });
      expect(await arrived('msg_aborted')).toEqual([]);
    });

    it('leaves no connection behind', async () => {
      const closing = opened(LOOPBACK);
      const sockets = new Set<Socket>();
      const { url } = await listener((socket) => sockets.add(socket.on('close', () => sockets.delete(socket)).resume()));
      await send(requestOf('msg_closing', { url, timeoutMs: IMPATIENT }), closing);
      await send(requestOf('msg_closed'), closing);
      await closing.close();
      await closing.close();
      for (const socket of sockets) await once(socket, 'close');
      expect(sockets.size).toBe(0);
    });
  });
}
