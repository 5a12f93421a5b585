import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import type { Config } from '../../../../config/env';
import { sharedSecret } from '../../../../platform/crypto/webhook-key';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import { type Handler, InMemoryTransformer } from '../../../../platform/transformation/testing/in-memory-transformer';
import { DisableEndpoint } from '../../endpoints';
import type { DeliveryMetrics } from '../delivery-metrics';
import type { AttemptOutcome } from '../domain/attempt-outcome';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { InMemoryDeliveryStore } from '../testing/in-memory-delivery-store';
import { answered, ScriptedWebhookSender } from '../testing/scripted-webhook-sender';
import { DeliveryPump } from './delivery-pump';
import { MessageTransformation } from './message-transformation';

const RECEIVER = {
  url: 'https://example.com/',
  headers: { 'x-team': 'blue' },
  keys: [sharedSecret(Buffer.alloc(24))],
  timeoutMs: null,
  retrySchedule: null,
  transformation: null,
};
const NOW = new Date('2030-01-01T00:00:00Z');

const delivery = (n: number, changes: Partial<ClaimedDelivery> = {}): ClaimedDelivery => ({
  messageId: `msg_${n}`,
  endpointId: 'ep_1',
  organizationId: 'org_1',
  applicationId: 'app_1',
  eventType: 'a',
  attemptsBefore: 0,
  triggerType: 0,
  lease: `lease-${n}`,
  acceptedAt: NOW,
  trace: null,
  payload: Buffer.from(`{"n":${n}}`),
  receiver: RECEIVER,
  ...changes,
});

type Given = {
  script?: (AttemptOutcome | 'hang')[];
  maxInFlight?: number;
  maxInFlightBytes?: number;
  batch?: number;
  handlers?: Record<string, Handler | 'neverEnds'>;
};

function pumpOf(
  due: ClaimedDelivery[],
  { script = [], maxInFlight = 10, maxInFlightBytes = 1_000, batch = Infinity, handlers = {} }: Given = {},
) {
  const store = new InMemoryDeliveryStore(due, batch);
  const sender = new ScriptedWebhookSender(...script);
  const commands: unknown[] = [];
  const bus = { execute: (command: unknown) => Promise.resolve(commands.push(command)) } as unknown as CommandBus;
  const metrics = { inFlight: () => undefined, attempted: () => undefined } as unknown as DeliveryMetrics;
  const config = { delivery: { maxInFlight, maxInFlightBytes, timeoutMs: 15_000, retrySchedule: [5, 300] } } as unknown as Config;
  const transformation = new MessageTransformation(new InMemoryTransformer(handlers), new AddressGuard([]));
  return { store, sender, commands, pump: new DeliveryPump(store, sender, transformation, bus, new FixedClock(NOW), metrics, config) };
}

const untilIdle = (pump: DeliveryPump) => pump.drain(60_000);

describe('DeliveryPump', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('sends what is due, signed, and records it', async () => {
    const { pump, store, sender } = pumpOf([delivery(1)]);
    await pump.fill();
    await untilIdle(pump);
    expect(sender.sent).toMatchObject([
      { url: RECEIVER.url, headers: { 'x-team': 'blue', 'webhook-id': 'msg_1', 'svix-id': 'msg_1', 'webhook-timestamp': '1893456000' } },
    ]);
    expect(sender.sent[0]?.body.toString()).toBe('{"n":1}');
    expect(store.results).toMatchObject([
      { next: { kind: 'settle', status: 'success' }, attempt: { succeeded: true, responseStatusCode: 200 } },
    ]);
  });

  describe('hands on the trace that the sender of a message named', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const sentFor = async (changes: Partial<ClaimedDelivery>) => {
      const { pump, sender } = pumpOf([delivery(1, changes)]);
      await pump.fill();
      await untilIdle(pump);
      return Object.entries(sender.sent[0]!.headers).filter(([name]) => /^trace/i.test(name));
    };

    it('with its state', async () => {
      expect(await sentFor({ trace: `${traceparent} a=1,b=2` })).toEqual([
        ['traceparent', traceparent],
        ['tracestate', 'a=1,b=2'],
      ]);
      expect(await sentFor({ trace: traceparent })).toEqual([['traceparent', traceparent]]);
    });

    it('not where there is none', async () => {
      expect(await sentFor({ trace: null })).toEqual([]);
      expect(await sentFor({ trace: 'nonsense' })).toEqual([]);
    });

    it.each(['traceparent', 'Traceparent', 'TraceState'])('not where the owner of the endpoint set %s', async (name) => {
      const receiver = { ...RECEIVER, headers: { [name]: 'mine' } };
      expect(await sentFor({ trace: `${traceparent} a=1`, receiver })).toEqual([[name, 'mine']]);
    });
  });

  it('never has more in flight than it may, and fills the room that results make', async () => {
    const { pump, store, sender } = pumpOf(
      Array.from({ length: 25 }, (_, n) => delivery(n)),
      { maxInFlight: 4 },
    );
    expect(await pump.fill()).toBe(true);
    expect(sender.sent).toHaveLength(4);
    while (store.results.length < 25) await new Promise((resolve) => setImmediate(resolve));
    expect(Math.max(...store.claims)).toBe(4);
  });

  it('never holds more bytes than it may, but always one delivery, and goes on when results make room', async () => {
    const large = Array.from({ length: 6 }, (_, n) => delivery(n, { payload: Buffer.alloc(400) }));
    const { pump, store, sender } = pumpOf([delivery(9, { payload: Buffer.alloc(5_000) }), ...large], { maxInFlightBytes: 1_000 });
    expect(await pump.fill()).toBe(true);
    expect(sender.sent).toHaveLength(1);
    while (store.results.length < 7) await new Promise((resolve) => setImmediate(resolve));
    expect(store.claims.length).toBeGreaterThanOrEqual(3);
  });

  it('starts at once what it plans, and nothing while something that was due before has no place', async () => {
    const due = Array.from({ length: 8 }, (_, n) => delivery(n));
    const idle = pumpOf(due, { maxInFlight: 4 });
    expect((await idle.pump.plan(10)).deliveries).toHaveLength(4);
    expect(idle.sender.sent).toHaveLength(4);
    await untilIdle(idle.pump);

    const busy = pumpOf(due, { maxInFlight: 4, script: ['hang', 'hang', 'hang', answered(200)] });
    expect(await busy.pump.fill()).toBe(true);
    while (busy.store.results.length < 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await busy.pump.plan(10)).toMatchObject({ deliveries: [], waiting: 4 });
    await busy.pump.drain(0);
  });

  it('looks again when results come, while an organization has all under way that it may', async () => {
    const { pump, store } = pumpOf([delivery(1)]);
    store.signs = { crowded: false, held: true, againInMs: null };
    expect(await pump.fill()).toBe(true);
    const claims = store.claims.length;
    while (store.claims.length === claims) await new Promise((resolve) => setImmediate(resolve));
    await untilIdle(pump);
  });

  it('comes back when a rate wants it, and not after its end', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    try {
      const { pump, store } = pumpOf([]);
      store.signs = { crowded: false, held: false, againInMs: 200 };
      await pump.fill();
      await jest.advanceTimersByTimeAsync(199);
      expect(store.claims).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(2);
      expect(store.claims).toHaveLength(2);
      await pump.drain(0);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(store.claims).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('says that nothing more is due when a claim comes back empty', async () => {
    const { pump, store } = pumpOf([delivery(1), delivery(2), delivery(3)], { batch: 1 });
    expect(await pump.fill()).toBe(false);
    expect(store.claims).toHaveLength(4);
  });

  it.each([
    ['a deleted endpoint', { receiver: 'deleted' }, { kind: 'settle', status: 'canceled', reason: 'endpoint_deleted' }],
    ['a closed organization', { receiver: 'closed' }, { kind: 'settle', status: 'canceled', reason: 'organization_closed' }],
    ['a disabled endpoint', { receiver: 'disabled' }, { kind: 'settle', status: 'fail', reason: 'endpoint_disabled' }],
    ['an erased payload', { payload: null }, { kind: 'settle', status: 'fail', reason: 'payload_expired' }],
  ] as const)('sends nothing to or for %s', async (_, changes, next) => {
    const { pump, store, sender } = pumpOf([delivery(1, changes)]);
    await pump.fill();
    await untilIdle(pump);
    expect(sender.sent).toEqual([]);
    expect(store.results).toMatchObject([{ attempt: null, next }]);
  });

  it('takes patience and retries from the endpoint, and those of the installation where it has none', async () => {
    const own = { ...RECEIVER, timeoutMs: 60_000, retrySchedule: [3_600] };
    const { pump, store, sender } = pumpOf(
      [delivery(1), delivery(2, { receiver: own }), delivery(3, { receiver: { ...own, retrySchedule: [] } })],
      { script: [answered(500), answered(500), answered(500)] },
    );
    await pump.fill();
    await untilIdle(pump);
    expect(sender.sent.map(({ timeoutMs }) => timeoutMs)).toEqual([15_000, 60_000, 60_000]);
    const steps = store.results.map(({ next }) => next);
    const waits = steps.map((next) => (next.kind === 'retry' ? next.delaySeconds : NaN));
    expect(waits[0]! / 5).toBeCloseTo(1, 0);
    expect(waits[1]! / 3_600).toBeCloseTo(1, 0);
    expect(steps[2]).toEqual({ kind: 'settle', status: 'fail', reason: 'http_5xx' });
  });

  describe('with code of the owner', () => {
    const by = (code: string): Partial<ClaimedDelivery> => ({
      receiver: { ...RECEIVER, transformation: { code, variables: { to: '#a' } } },
    });
    const delivered = async (handlers: Record<string, Handler | 'neverEnds'>) => {
      const given = pumpOf(
        Object.keys(handlers).map((code, n) => delivery(n, by(code))),
        { handlers },
      );
      await given.pump.fill();
      return given;
    };

    it('signs and sends what the code makes of a message, and where it sends it', async () => {
      const { pump, sender, store } = await delivered({
        moves: ({ payload, variables, eventType }) => ({
          method: 'PUT',
          url: 'https://example.org/in',
          headers: { 'X-Of': eventType },
          payload: { ...(payload as object), ...variables },
        }),
        stays: (webhook) => webhook,
      });
      await untilIdle(pump);
      const [moved, stayed] = [...sender.sent].sort((a, b) => a.method.localeCompare(b.method)).reverse();
      expect(moved).toMatchObject({ method: 'PUT', url: 'https://example.org/in', headers: { 'X-Of': 'a', 'webhook-id': 'msg_0' } });
      expect(moved?.headers).not.toHaveProperty('x-team');
      expect(moved?.body.toString()).toBe('{"n":0,"to":"#a"}');
      expect(stayed).toMatchObject({ method: 'POST', url: RECEIVER.url, headers: { 'x-team': 'blue' } });
      expect(stayed?.body.toString()).toBe('{"n":1}');
      expect(store.results.map(({ attempt }) => [attempt?.url, attempt?.details.transformation])).toEqual(
        expect.arrayContaining([
          ['https://example.org/in', { method: 'PUT', error: null }],
          [RECEIVER.url, { method: 'POST', error: null }],
        ]),
      );
    });

    it.each<[string, string, string, Handler]>([
      [
        'throws',
        'transformation_error',
        'Error: no',
        () => {
          throw new Error('no');
        },
      ],
      ['goes inside', 'transformation_invalid', 'not allowed', (webhook) => ({ ...webhook, url: 'http://10.0.0.1/' })],
      ['goes by another scheme', 'transformation_invalid', 'http', (webhook) => ({ ...webhook, url: 'file:///etc/passwd' })],
      [
        'opens a door',
        'transformation_invalid',
        'Metadata-Flavor',
        (webhook) => ({ ...webhook, headers: { 'Metadata-Flavor': 'Google' } }),
      ],
      [
        'signs by itself',
        'transformation_invalid',
        'webhook-signature',
        (webhook) => ({ ...webhook, headers: { 'webhook-signature': 'x' } }),
      ],
      ['splits a header', 'transformation_invalid', 'X-A', (webhook) => ({ ...webhook, headers: { 'X-A': 'a\r\nX-B: b' } })],
      ['deletes', 'transformation_invalid', 'method', (webhook) => ({ ...webhook, method: 'DELETE' })],
      ['sends numbers as headers', 'transformation_invalid', 'headers', (webhook) => ({ ...webhook, headers: { 'X-A': 1 } })],
    ])('sends nothing when the code %s, and tries again by the schedule', async (_, reason, error, handler) => {
      const { pump, sender, store } = await delivered({ handler });
      await untilIdle(pump);
      expect(sender.sent).toEqual([]);
      const transformation = { method: null, error: expect.stringContaining(error) as string };
      expect(store.results).toMatchObject([
        {
          next: { kind: 'retry' },
          attempt: { succeeded: false, reason, responseStatusCode: 0, url: RECEIVER.url, details: { transformation } },
        },
      ]);
    });

    it('cancels what the code cancels, without an attempt', async () => {
      const { pump, sender, store } = await delivered({ cancels: (webhook) => ({ ...webhook, cancel: true }) });
      await untilIdle(pump);
      expect(sender.sent).toEqual([]);
      expect(store.results).toMatchObject([
        { attempt: null, next: { kind: 'settle', status: 'canceled', reason: 'transformation_canceled' } },
      ]);
    });

    it('gives back at the end what the code has not ended with', async () => {
      const { pump, sender, store } = await delivered({ neverEnds: 'neverEnds' });
      await pump.drain(0);
      expect(sender.sent).toEqual([]);
      expect(store.results).toMatchObject([{ attempt: null, next: { kind: 'release' } }]);
    });
  });

  it('disables an endpoint that is gone', async () => {
    const { pump, commands } = pumpOf([delivery(1)], { script: [answered(410)] });
    await pump.fill();
    await untilIdle(pump);
    expect(commands).toEqual([new DisableEndpoint('org_1', 'app_1', 'ep_1', 'gone')]);
  });

  it('keeps a result that could not be written until it can, and does not send again', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    try {
      const { pump, store, sender } = pumpOf([delivery(1)]);
      store.failures = [new Error('database away'), new Error('database away')];
      await pump.fill();
      const idle = untilIdle(pump);
      await jest.advanceTimersByTimeAsync(5_000);
      await idle;
      expect(store.results).toHaveLength(1);
      expect(sender.sent).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('at the end takes no more, and gives back what would not finish in time', async () => {
    const { pump, store } = pumpOf([delivery(1), delivery(2)], { script: ['hang', answered(200)] });
    await pump.fill();
    await pump.drain(0);
    expect(store.results.map(({ next, attempt }) => [next.kind, attempt !== null])).toEqual([
      ['settle', true],
      ['release', false],
    ]);
    await pump.fill();
    expect(store.claims.filter((_, i) => i > 1)).toEqual([]);
  });
});
