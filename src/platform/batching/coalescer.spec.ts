import { Coalescer } from './coalescer';

const limits = { maxItems: 3, maxBytes: 100, bytesOf: (item: number) => item, concurrency: 1 };

function recorded(options: Partial<typeof limits> = {}) {
  const batches: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const write = (items: readonly number[]) => {
    batches.push(items);
    return new Promise<number[]>((resolve) =>
      gates.push(() => {
        resolve(items.map((item) => item * 10));
      }),
    );
  };
  return { batches, release: () => gates.shift()?.(), coalescer: new Coalescer<number, number>(write, { ...limits, ...options }) };
}

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

describe('Coalescer', () => {
  it('writes what arrives during a batch together in the next one, and answers each by its own result', async () => {
    const { coalescer, batches, release } = recorded();
    const first = coalescer.add(1);
    await turn();
    const later = [2, 3].map((item) => coalescer.add(item));
    await turn();
    expect(batches).toEqual([[1]]);
    release();
    expect(await first).toBe(10);
    await turn();
    expect(batches).toEqual([[1], [2, 3]]);
    release();
    expect(await Promise.all(later)).toEqual([20, 30]);
  });

  it('cuts a batch at the number of items and at their bytes, but never below one item', async () => {
    const { coalescer, batches } = recorded({ concurrency: 10 });
    for (const item of [1, 1, 1, 1, 60, 60, 500]) void coalescer.add(item);
    await turn();
    expect(batches).toEqual([[1, 1, 1], [1, 60], [60], [500]]);
  });

  it('rejects every item of a batch that failed, and goes on with the next', async () => {
    let fail = true;
    const coalescer = new Coalescer<number, number>(
      (items) => (fail ? Promise.reject(new Error('no disk')) : Promise.resolve([...items])),
      limits,
    );
    await expect(Promise.all([coalescer.add(1), coalescer.add(2)])).rejects.toThrow('no disk');
    fail = false;
    expect(await coalescer.add(3)).toBe(3);
  });

  it.each([
    [0, 'fails those who waited too long together with the batch that they waited for'],
    [60_000, 'lets those who have not waited long travel in the next batch'],
  ])('with a patience of %d ms %s', async (patienceMs) => {
    let refuse: (error: Error) => void = () => undefined;
    const coalescer = new Coalescer<number, number>(
      (items) => (items[0] === 1 ? new Promise((_, reject) => (refuse = reject)) : Promise.resolve([...items])),
      { ...limits, patienceMs },
    );
    const first = coalescer.add(1).catch(() => 'failed');
    await turn();
    const waiting = coalescer.add(2).catch(() => 'failed');
    refuse(new Error('timeout'));
    expect(await Promise.all([first, waiting])).toEqual(['failed', patienceMs === 0 ? 'failed' : 2]);
  });
});
