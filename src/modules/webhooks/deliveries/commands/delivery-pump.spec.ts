import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import type { Config } from '../../../../config/env';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import { InMemoryTransformer } from '../../../../platform/transformation/testing/in-memory-transformer';
import { DisableEndpoint } from '../../endpoints';
import type { DeliveryMetrics } from '../delivery-metrics';
import type { AttemptOutcome } from '../../../../platform/destinations/attempt-outcome';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { claimed, NOW, RECEIVER } from '../testing/claimed-deliveries';
import { InMemoryDeliveryStore } from '../testing/in-memory-delivery-store';
import { answered, ScriptedWebhookSender } from '../testing/scripted-webhook-sender';
import { DeliveryAttempts } from './delivery-attempts';
import { DeliveryPump } from './delivery-pump';
import { MessageTransformation } from './message-transformation';

type Given = {
  script?: (AttemptOutcome | 'hang')[];
  maxInFlight?: number;
  maxInFlightBytes?: number;
  batch?: number;
};

function pumpOf(due: ClaimedDelivery[], { script = [], maxInFlight = 10, maxInFlightBytes = 1_000, batch = Infinity }: Given = {}) {
  const store = new InMemoryDeliveryStore(due, batch);
  const sender = new ScriptedWebhookSender(...script);
  const commands: unknown[] = [];
  const bus = { execute: (command: unknown) => Promise.resolve(commands.push(command)) } as unknown as CommandBus;
  const metrics = { inFlight: () => undefined, attempted: () => undefined } as unknown as DeliveryMetrics;
  const config = { delivery: { maxInFlight, maxInFlightBytes, timeoutMs: 15_000, retrySchedule: [5, 300] } } as unknown as Config;
  const transformation = new MessageTransformation(new InMemoryTransformer({}), new AddressGuard([]));
  const attempts = new DeliveryAttempts(sender, transformation, new FixedClock(NOW), metrics, config);
  return { store, sender, commands, pump: new DeliveryPump(store, attempts, bus, metrics, config) };
}

const untilIdle = (pump: DeliveryPump) => pump.drain(60_000);

describe('DeliveryPump', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('sends what is due, signed, and records it', async () => {
    const { pump, store, sender } = pumpOf([claimed(1)]);
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

  it('never has more in flight than it may, and fills the room that results make', async () => {
    const { pump, store, sender } = pumpOf(
      Array.from({ length: 25 }, (_, n) => claimed(n)),
      { maxInFlight: 4 },
    );
    expect(await pump.fill()).toBe(true);
    expect(sender.sent).toHaveLength(4);
    while (store.results.length < 25) await new Promise((resolve) => setImmediate(resolve));
    expect(Math.max(...store.claims)).toBe(4);
  });

  it('never holds more bytes than it may, but always one delivery, and goes on when results make room', async () => {
    const large = Array.from({ length: 6 }, (_, n) => claimed(n, { payload: Buffer.alloc(400) }));
    const { pump, store, sender } = pumpOf([claimed(9, { payload: Buffer.alloc(5_000) }), ...large], { maxInFlightBytes: 1_000 });
    expect(await pump.fill()).toBe(true);
    expect(sender.sent).toHaveLength(1);
    while (store.results.length < 7) await new Promise((resolve) => setImmediate(resolve));
    expect(store.claims.length).toBeGreaterThanOrEqual(3);
  });

  it('starts at once what it plans, and nothing while something that was due before has no place', async () => {
    const due = Array.from({ length: 8 }, (_, n) => claimed(n));
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
    const { pump, store } = pumpOf([claimed(1)]);
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
    const { pump, store } = pumpOf([claimed(1), claimed(2), claimed(3)], { batch: 1 });
    expect(await pump.fill()).toBe(false);
    expect(store.claims).toHaveLength(4);
  });

  it('disables an endpoint that is gone', async () => {
    const { pump, commands } = pumpOf([claimed(1)], { script: [answered(410)] });
    await pump.fill();
    await untilIdle(pump);
    expect(commands).toEqual([new DisableEndpoint('org_1', 'app_1', 'ep_1', 'gone')]);
  });

  it('keeps a result that could not be written until it can, and does not send again', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    try {
      const { pump, store, sender } = pumpOf([claimed(1)]);
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
    const { pump, store } = pumpOf([claimed(1), claimed(2)], { script: ['hang', answered(200)] });
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
