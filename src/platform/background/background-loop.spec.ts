import type { Logger } from '@nestjs/common';
import { BackgroundLoop } from './background-loop';

const INTERVAL_MS = 1_000;

/** A loop whose rounds end when the test says so. */
function controlled() {
  const rounds: { end: (more?: boolean) => Promise<void>; fail: () => Promise<void> }[] = [];
  const warn = jest.fn();
  let running = 0;
  let mostAtOnce = 0;
  const work = () => {
    mostAtOnce = Math.max(mostAtOnce, ++running);
    return new Promise<boolean>((resolve, reject) => {
      rounds.push({
        end: (more = false) => {
          running--;
          resolve(more);
          return settle();
        },
        fail: () => {
          running--;
          reject(new Error('no database'));
          return settle();
        },
      });
    });
  };
  const loop = new BackgroundLoop({ name: 'test', intervalMs: INTERVAL_MS, work, logger: { warn } as unknown as Logger });
  return { loop, rounds, warn, mostAtOnce: () => mostAtOnce, last: () => rounds.at(-1)! };
}

const settle = () => jest.advanceTimersByTimeAsync(0);
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('BackgroundLoop', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('works at the start and then on its beat, counted from the end of a round', async () => {
    const { loop, rounds, last } = controlled();
    loop.start();
    expect(rounds).toHaveLength(1);
    await pass(10 * INTERVAL_MS);
    expect(rounds).toHaveLength(1);
    await last().end();
    await pass(INTERVAL_MS - 1);
    expect(rounds).toHaveLength(1);
    await pass(1);
    expect(rounds).toHaveLength(2);
  });

  it('works at once when woken, and on its beat after that', async () => {
    const { loop, rounds, last } = controlled();
    loop.start();
    await last().end();
    await pass(INTERVAL_MS / 2);
    loop.wake();
    expect(rounds).toHaveLength(2);
    await last().end();
    await pass(INTERVAL_MS - 1);
    expect(rounds).toHaveLength(2);
    await pass(1);
    expect(rounds).toHaveLength(3);
  });

  it('works once more after a round during which it was woken, however often, and never twice at once', async () => {
    const { loop, rounds, last, mostAtOnce } = controlled();
    loop.start();
    for (let n = 0; n < 5; n++) loop.wake();
    expect(rounds).toHaveLength(1);
    await last().end();
    expect(rounds).toHaveLength(2);
    await last().end();
    expect(rounds).toHaveLength(2);
    expect(mostAtOnce()).toBe(1);
  });

  it('goes on at once while there is more', async () => {
    const { loop, rounds, last } = controlled();
    loop.start();
    await last().end(true);
    await last().end(true);
    expect(rounds).toHaveLength(3);
    await last().end();
    expect(rounds).toHaveLength(3);
  });

  it('waits longer after each failure, up to a limit, and no longer after a success', async () => {
    const { loop, rounds, last, warn } = controlled();
    loop.start();
    for (const wait of [200, 400, 800, 1_600, 2_000, 2_000]) {
      const before = rounds.length;
      await last().fail();
      await pass(wait - 1);
      expect(rounds).toHaveLength(before);
      await pass(1);
      expect(rounds).toHaveLength(before + 1);
    }
    expect(warn).toHaveBeenCalledTimes(6);
    expect(warn).toHaveBeenLastCalledWith(expect.objectContaining({ loop: 'test', failures: 6 }), expect.any(String));
    await last().end();
    await pass(INTERVAL_MS);
    const before = rounds.length;
    await last().fail();
    await pass(200);
    expect(rounds).toHaveLength(before + 1);
  });

  it('is not hurried by a call that came during a round that failed', async () => {
    const { loop, rounds, last } = controlled();
    loop.start();
    loop.wake();
    await last().fail();
    await pass(199);
    expect(rounds).toHaveLength(1);
    await pass(1);
    expect(rounds).toHaveLength(2);
  });

  it('survives work that throws before it waits', async () => {
    const work = jest.fn(() => {
      throw new Error('at once');
    });
    const loop = new BackgroundLoop({ name: 'test', intervalMs: INTERVAL_MS, work, logger: { warn: jest.fn() } as unknown as Logger });
    loop.start();
    await pass(200);
    expect(work).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  it('stops when the round under way is over, though there is more to do and somebody calls', async () => {
    const { loop, rounds, last } = controlled();
    loop.start();
    const stopped = jest.fn();
    void loop.stop().then(stopped);
    loop.wake();
    await pass(10 * INTERVAL_MS);
    expect(stopped).not.toHaveBeenCalled();
    await last().end(true);
    expect(stopped).toHaveBeenCalled();
    loop.wake();
    await pass(10 * INTERVAL_MS);
    expect(rounds).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops though the last round fails, and between two rounds at once', async () => {
    const failing = controlled();
    failing.loop.start();
    const stopping = failing.loop.stop();
    await failing.last().fail();
    await stopping;

    const idle = controlled();
    idle.loop.start();
    await idle.last().end();
    await idle.loop.stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sleeps before its start', async () => {
    const { loop, rounds } = controlled();
    loop.wake();
    await pass(10 * INTERVAL_MS);
    expect(rounds).toHaveLength(0);
  });
});
