import type { NotificationListener } from '../database/notification-listener';
import type { Bells } from '../queue/bells';
import type { ObserverJobs } from './observer-jobs';
import { OUTBOX_CHANNEL } from './outbox';
import { OutboxRelay } from './outbox-relay';

type Due = { eventId: string; observer: string };

const BATCH = 500;
const POLL_MS = 1_000;

describe('OutboxRelay', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function relayOf(...rounds: Due[][]) {
    const ring = jest.fn(async () => rounds.shift() ?? []);
    const ringAll = jest.fn(async () => undefined);
    const on = jest.fn<undefined, [string, () => void]>();
    const bells = { ringAll, canRing: true };
    const relay = new OutboxRelay(
      { ring } as unknown as ObserverJobs,
      bells as unknown as Bells,
      { on } as unknown as NotificationListener,
    );
    const notify = () => {
      for (const [channel, handler] of on.mock.calls) if (channel === OUTBOX_CHANNEL) handler();
    };
    return { relay, ring, ringAll, bells, notify };
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('rings the bells of each observer together', async () => {
    const { relay, ringAll } = relayOf([
      { eventId: 'evt_1', observer: 'first' },
      { eventId: 'evt_1', observer: 'second' },
      { eventId: 'evt_2', observer: 'first' },
    ]);
    relay.onApplicationBootstrap();
    await pass(0);
    expect(ringAll.mock.calls).toEqual([
      ['first', [{ eventId: 'evt_1' }, { eventId: 'evt_2' }]],
      ['second', [{ eventId: 'evt_1' }]],
    ]);
    await relay.beforeApplicationShutdown();
  });

  it('looks at the start, at once when a commit says so, and on its beat', async () => {
    const { relay, ring, notify } = relayOf();
    notify();
    expect(ring).not.toHaveBeenCalled();
    relay.onApplicationBootstrap();
    await pass(0);
    expect(ring).toHaveBeenCalledTimes(1);
    notify();
    await pass(0);
    expect(ring).toHaveBeenCalledTimes(2);
    await pass(POLL_MS);
    expect(ring).toHaveBeenCalledTimes(3);
    await relay.beforeApplicationShutdown();
    notify();
    await pass(10 * POLL_MS);
    expect(ring).toHaveBeenCalledTimes(3);
  });

  it('marks nothing as rung while Redis is away', async () => {
    const { relay, ring, bells, notify } = relayOf();
    bells.canRing = false;
    relay.onApplicationBootstrap();
    notify();
    await pass(10 * POLL_MS);
    expect(ring).not.toHaveBeenCalled();
    bells.canRing = true;
    await pass(POLL_MS);
    expect(ring).toHaveBeenCalledTimes(1);
    await relay.beforeApplicationShutdown();
  });

  it('goes on at once after a full batch', async () => {
    const full = Array.from({ length: BATCH }, (_, n) => ({ eventId: `evt_${n}`, observer: 'first' }));
    const { relay, ring } = relayOf(full, full, full.slice(1));
    relay.onApplicationBootstrap();
    await pass(0);
    expect(ring.mock.calls).toEqual([[BATCH], [BATCH], [BATCH]]);
    await relay.beforeApplicationShutdown();
  });
});
