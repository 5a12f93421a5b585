import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { startHostileReceiver } from '../../../../test/support/hostile-receiver';
import { type Receiver, startReceiver } from '../../../../test/support/receiver';
import { AddressGuard } from '../../outbound/address-guard';
import { resolveHost } from '../../outbound/resolve-host';
import { SystemClock } from '../../time/clock';
import type { Destination } from '../destination-kind';
import { describeDestinationKind } from '../testing/destination-kind.contract';
import { HttpDestinationKind } from './http-destination';

const PATIENT = 30_000;
const IMPATIENT = 300;

describeDestinationKind('HttpDestinationKind', new HttpDestinationKind(), async () => {
  const [receiver, hostile] = await Promise.all([startReceiver(), startHostileReceiver()]);
  return {
    url: receiver.url,
    arrivals: () => Promise.resolve(receiver.requests),
    at: (port) => `http://127.0.0.1:${port}/`,
    failing: { headers_too_large: `${hostile.url}/endless-headers`, tls_failed: receiver.url.replace('http:', 'https:') },
    wrong: ['http://127.0.0.1:22/', 'https://example.com/#fragment', 'https:example.com'],
    close: async () => {
      await Promise.all([receiver.stop(), hostile.stop()]);
    },
  };
});

describe('what HttpDestinationKind does beside', () => {
  let destination: Destination;
  let receiver: Receiver;
  let hostile: Awaited<ReturnType<typeof startHostileReceiver>>;

  beforeAll(async () => {
    const guard = new AddressGuard(['127.0.0.0/8']);
    destination = new HttpDestinationKind().open({ guard, clock: new SystemClock(), maxInFlight: 100, resolve: resolveHost });
    [receiver, hostile] = await Promise.all([startReceiver(), startHostileReceiver()]);
  });
  afterAll(async () => {
    await destination.close();
    await Promise.all([receiver.stop(), hostile.stop()]);
  });

  const send = (url: string, timeoutMs = PATIENT) =>
    destination.send({ method: 'POST', url, headers: {}, body: Buffer.from('{}'), timeoutMs }, new AbortController().signal);

  it.each([
    ['/silence', 'timeout_headers'],
    ['/drip-headers', 'timeout_headers'],
    ['/endless-early-hints', 'timeout_headers'],
    ['/drip-body', 'timeout_body'],
  ])('ends %s at the deadline of the request, whatever drips in', async (path, reason) => {
    expect(await send(hostile.url + path, IMPATIENT)).toMatchObject({ kind: 'failed', reason });
  });

  it('counts the handshake of a connection to the same deadline', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    expect(await send(`https://127.0.0.1:${port}/`, IMPATIENT)).toMatchObject({ kind: 'failed', reason: 'timeout_connect' });
    silent.close();
  });

  it('waits as long as the endpoint may take', async () => {
    receiver.answer({ status: 204, delayMs: 2 * IMPATIENT });
    expect(await send(receiver.url)).toMatchObject({ kind: 'answered', statusCode: 204 });
  });

  it('says what went wrong before there was an answer', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'failed', reason: 'tcp_refused' });
    expect(await send('http://10.0.0.1/')).toMatchObject({ kind: 'failed', reason: 'ssrf_blocked' });
    expect(await send(receiver.url.replace('http:', 'https:'))).toMatchObject({ kind: 'failed', reason: 'tls_failed' });
    expect(await send(`${hostile.url}/endless-headers`)).toMatchObject({ kind: 'failed', reason: 'headers_too_large' });
  });

  it('follows no redirect', async () => {
    const { length } = receiver.requests;
    receiver.answer({ status: 307, headers: { location: receiver.urlFor('/elsewhere') } });
    expect(await send(receiver.url)).toMatchObject({ kind: 'answered', statusCode: 307 });
    expect(receiver.requests).toHaveLength(length + 1);
  });

  it('keeps the first 64 KiB of an answer as the bytes that came', async () => {
    const bytes = Buffer.from([0x00, 0xff, 0xc3, 0x28, 0x0a]);
    receiver.answer({ body: bytes });
    expect(await send(receiver.url)).toMatchObject({ statusCode: 200, body: bytes });
    const endless = await send(`${hostile.url}/endless-body`);
    expect(endless).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect(endless.kind === 'answered' && endless.body.length).toBe(65_536);
  });

  it('hands on what Retry-After asks for', async () => {
    receiver.answer({ status: 503, headers: { 'retry-after': '17' } }, { status: 503, headers: { 'retry-after': 'soon' } });
    expect(await send(receiver.url)).toMatchObject({ retryAfterSeconds: 17 });
    expect(await send(receiver.url)).toMatchObject({ retryAfterSeconds: null });
  });
});
