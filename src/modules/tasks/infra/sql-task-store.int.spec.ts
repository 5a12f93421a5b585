import { openTestStore, type TestStore } from '../../../../test/support/store';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { Outbox } from '../../../platform/outbox/outbox';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { GetTask, GetTaskHandler } from '../queries/get-task';
import { ListTasks, ListTasksHandler } from '../queries/list-tasks';
import { aTask, type TaskState, taskStoreContract } from '../testing/task-store.contract';
import { SqlTaskStore } from './sql-task-store';

describe('SqlTaskStore', () => {
  let db: TestStore;
  let store: SqlTaskStore;

  beforeAll(async () => {
    db = await openTestStore();
    store = new SqlTaskStore(db.sql, db.uow, new Outbox(db.uow), db.cipher);
  });
  afterAll(() => db.close());

  taskStoreContract(() => ({
    store,
    pass: async (ms) => {
      await db.sql.run(`UPDATE task SET due_at = due_at - $1 * interval '1 ms', lease_until = lease_until - $1 * interval '1 ms'`, [ms]);
    },
    stateOf: async (id) => {
      const [row] = await db.sql.run<TaskState & { done: string | null; total: string | null }>('SELECT * FROM task WHERE id = $1', [id]);
      const { status, cursor, reason, result, done, total } = row!;
      const opened = result && (await db.cipher.openJson(columnContext('task', 'result', id), result as Buffer));
      return { status, cursor, reason, result: opened, progress: done === null ? null : { done: Number(done), total: Number(total) } };
    },
  }));

  it('starts a task with the change of its caller, or not at all, and tells its event', async () => {
    const [kept, undone] = [aTask(), aTask()];
    await db.uow.run(() => store.start(kept));
    const failing = db.uow.run(async () => {
      await store.start(undone);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.sql.run('SELECT id FROM task WHERE id = ANY ($1)', [[kept.id, undone.id]])).toEqual([{ id: kept.id }]);
    const events = `SELECT payload, organization_id FROM outbox_event WHERE type = 'task.started' AND payload ->> 'taskId' = ANY ($1)`;
    expect(await db.sql.run(events, [[kept.id, undone.id]])).toEqual([
      { payload: { taskId: kept.id }, organization_id: kept.organizationId },
    ]);
  });

  it('starts one of many that ask at once for the only one', async () => {
    const uniqueKey = aTask().id;
    const answers = await Promise.all(Array.from({ length: 12 }, () => store.start(aTask({ uniqueKey }))));
    expect(answers.filter(({ started }) => started)).toHaveLength(1);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });

  it('undoes what a step changed when its lease is lost', async () => {
    const task = aTask();
    await store.start(task);
    const [holder] = await store.claim([task.type], 1);
    const effect = aTask();
    const step = db.uow.run(async () => {
      await store.start(effect);
      await store.cancel(task.id);
      await store.save(holder!, { cursor: 1, progress: null, next: { kind: 'go_on' } });
    });
    await expect(step).rejects.toThrow();
    expect(await db.sql.run('SELECT id FROM task WHERE id = $1', [effect.id])).toEqual([]);
  });

  it('shows a task to its owner and to nobody else', async () => {
    const get = new GetTaskHandler(db.sql, db.cipher);
    const [ofOrganization, ofUser, ofSystem] = [
      aTask({ organizationId: 'org_1', userId: 'user_1' }),
      aTask({ organizationId: null, userId: 'user_1' }),
      aTask({ organizationId: null, userId: null }),
    ];
    for (const task of [ofOrganization, ofUser, ofSystem]) await store.start(task);
    const [holder] = await store.claim([ofUser.type], 1);
    await store.save(holder!, { cursor: 1, progress: { done: 1, total: 1 }, next: { kind: 'finish', result: { name: 'Ann' } } });

    const owners = [
      { organizationId: 'org_1' },
      { userId: 'user_1' },
      'system',
      { organizationId: 'org_2' },
      { userId: 'user_2' },
    ] as const;
    for (const [index, task] of [ofOrganization, ofUser, ofSystem].entries()) {
      for (const [other, owner] of owners.entries()) {
        const found = get.execute(new GetTask(owner, task.id));
        if (other === index) expect(await found).toMatchObject({ id: task.id, task: task.type });
        else await expect(found).rejects.toThrow(EntityNotFound);
      }
    }
    expect(await get.execute(new GetTask({ userId: 'user_1' }, ofUser.id))).toMatchObject({
      status: 'finished',
      progress: { done: 1, total: 1 },
      result: { name: 'Ann' },
    });
  });

  it('lists the tasks of an organization, newest first', async () => {
    const list = new ListTasksHandler(db.sql, db.cipher);
    const tasks = [aTask({ organizationId: 'org_list' }), aTask({ organizationId: 'org_list' }), aTask({ organizationId: 'org_other' })];
    for (const task of tasks) await store.start(task);
    await store.cancel(tasks[0]!.id);
    const page = { limit: 10, iterator: null, order: 'descending' } as const;
    const idsOf = async (filter: object) => (await list.execute(new ListTasks('org_list', filter, page))).data.map(({ id }) => id);
    expect(await idsOf({})).toEqual([tasks[1]!.id, tasks[0]!.id]);
    expect(await idsOf({ status: 'canceled' })).toEqual([tasks[0]!.id]);
    expect(await idsOf({ task: tasks[1]!.type })).toEqual([tasks[1]!.id]);
  });
});
