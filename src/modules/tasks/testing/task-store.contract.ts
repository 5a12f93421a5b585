import { newId } from '../../../platform/ids/id';
import { type ClaimedTask, LeaseLost, type NewTask, type TaskStore } from '../domain/task-store';

export function aTask(changes: Partial<NewTask> = {}): NewTask {
  return {
    id: newId('qtask'),
    type: newId('type'),
    organizationId: newId('org'),
    userId: newId('user'),
    input: { ids: ['a', 'b'] },
    uniqueKey: null,
    ...changes,
  };
}

export type TaskState = {
  readonly status: string;
  readonly cursor: unknown;
  readonly progress: unknown;
  readonly result: unknown;
  readonly reason: string | null;
};

export type TaskStoreUnderTest = {
  readonly store: TaskStore;
  /** Lets time go by. */
  readonly pass: (ms: number) => Promise<void>;
  readonly stateOf: (id: string) => Promise<TaskState>;
};

const failure = { error: 'Error', reason: 'internal_error', inMs: 5_000 };

export function taskStoreContract(open: () => TaskStoreUnderTest): void {
  const started = async (changes: Partial<NewTask> = {}) => {
    const task = aTask(changes);
    await open().store.start(task);
    return task;
  };
  const claimed = async ({ type }: NewTask): Promise<ClaimedTask | undefined> => (await open().store.claim([type], 1))[0];
  const startedAndClaimed = async () => (await claimed(await started()))!;

  it('gives a task to one worker, as it was started', async () => {
    const task = await started();
    const { type, id, organizationId, userId, input } = task;
    expect(await claimed(task)).toEqual({
      id,
      type,
      organizationId,
      userId,
      input,
      cursor: null,
      attempt: 1,
      lease: expect.any(String),
    });
    expect(await claimed(task)).toBeUndefined();
  });

  it('gives out only types that are asked for, and no more than asked for, the longest wait first', async () => {
    const { store, pass } = open();
    const first = await started();
    await pass(10);
    const second = await started({ type: first.type });
    expect(await store.claim([newId('type')], 5)).toEqual([]);
    const ids = [...(await store.claim([first.type], 1)), ...(await store.claim([first.type], 5))].map(({ id }) => id);
    expect(ids).toEqual([first.id, second.id]);
  });

  it('starts one task per unique key while one runs', async () => {
    const { store } = open();
    const uniqueKey = newId('key');
    const task = await started({ uniqueKey });
    expect(await store.start(aTask({ uniqueKey }))).toEqual({ id: task.id, started: false });
    await store.save((await claimed(task))!, { cursor: null, progress: null, next: { kind: 'finish', result: null } });
    const next = aTask({ uniqueKey });
    expect(await store.start(next)).toEqual({ id: next.id, started: true });
  });

  it('keeps cursor and progress of a step, and goes on with them after the worker died', async () => {
    const { store, pass, stateOf } = open();
    const task = await started();
    const dead = (await claimed(task))!;
    await store.save(dead, { cursor: { after: 'b' }, progress: { done: 2, total: 5 }, next: { kind: 'go_on' } });
    expect(await claimed(task)).toBeUndefined();
    await pass(16_000);
    expect(await claimed(task)).toMatchObject({ id: task.id, cursor: { after: 'b' }, attempt: 2 });
    await expect(store.save(dead, { cursor: { after: 'z' }, progress: null, next: { kind: 'go_on' } })).rejects.toThrow(LeaseLost);
    expect(await stateOf(task.id)).toMatchObject({ status: 'running', cursor: { after: 'b' }, progress: { done: 2, total: 5 } });
  });

  it('renews the lease with each step', async () => {
    const { store, pass } = open();
    const task = await started();
    const holder = (await claimed(task))!;
    for (let step = 0; step < 3; step++) {
      await pass(10_000);
      await store.save(holder, { cursor: step, progress: null, next: { kind: 'go_on' } });
    }
    expect(await claimed(task)).toBeUndefined();
  });

  it('hands a task that waits to nobody before its time', async () => {
    const { store, pass } = open();
    const task = await started();
    await store.save((await claimed(task))!, { cursor: 1, progress: null, next: { kind: 'again', inMs: 3_000 } });
    expect(await claimed(task)).toBeUndefined();
    await pass(3_001);
    expect(await claimed(task)).toMatchObject({ cursor: 1, attempt: 1 });
  });

  it('keeps the result of a finished task, which nobody gets again', async () => {
    const { store, pass, stateOf } = open();
    const task = await started();
    await store.save((await claimed(task))!, { cursor: 9, progress: null, next: { kind: 'finish', result: { name: 'Ann' } } });
    await pass(60_000);
    expect(await claimed(task)).toBeUndefined();
    expect(await stateOf(task.id)).toMatchObject({ status: 'finished', cursor: 9, result: { name: 'Ann' } });
  });

  it('gives a released task to the next one at once', async () => {
    const { store } = open();
    const holder = await startedAndClaimed();
    await store.release(holder);
    expect(await store.claim([holder.type], 1)).toMatchObject([{ id: holder.id, attempt: 1 }]);
  });

  it('repeats a failed step later and counts the tries, also those that ended with the worker', async () => {
    const { store, pass, stateOf } = open();
    const first = await startedAndClaimed();
    await store.fail(first, failure);
    expect(await store.claim([first.type], 1)).toEqual([]);
    await pass(5_001);
    expect(await store.claim([first.type], 1)).toMatchObject([{ attempt: 2 }]);
    await pass(16_000);
    const [third] = await store.claim([first.type], 1);
    expect(third).toMatchObject({ attempt: 3 });
    await store.fail(third!, { ...failure, inMs: null });
    expect(await stateOf(first.id)).toMatchObject({ status: 'failed', reason: 'internal_error' });
    await pass(60_000);
    expect(await store.claim([first.type], 1)).toEqual([]);
  });

  it('cancels a running task once, and takes it from its worker', async () => {
    const { store, stateOf } = open();
    const holder = await startedAndClaimed();
    expect(await store.cancel(holder.id)).toBe(true);
    expect(await store.cancel(holder.id)).toBe(false);
    expect(await store.cancel(newId('qtask'))).toBe(false);
    await expect(store.save(holder, { cursor: 1, progress: null, next: { kind: 'go_on' } })).rejects.toThrow(LeaseLost);
    await store.release(holder);
    await store.fail(holder, failure);
    expect(await stateOf(holder.id)).toMatchObject({ status: 'canceled', cursor: null });
  });

  it('shares tasks that wait among workers, each once', async () => {
    const { store } = open();
    const { type } = await started();
    await Promise.all(Array.from({ length: 9 }, () => started({ type })));
    const shares = await Promise.all(Array.from({ length: 5 }, () => store.claim([type], 3)));
    const ids = shares.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await store.claim([type], 10);
    expect(ids.length + rest.length).toBe(10);
  });

  it('forgets what a person started for themselves, and nothing else', async () => {
    const mine = await started({ organizationId: null });
    const others = [await started({ organizationId: null }), await started({ userId: mine.userId })];
    await open().store.forget(mine.userId!);
    expect(await claimed(mine)).toBeUndefined();
    for (const other of others) expect(await claimed(other)).toMatchObject({ id: other.id });
  });
}
