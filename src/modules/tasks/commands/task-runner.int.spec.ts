import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { eventually } from '../../../../test/support/eventually';
import { openTestStore, type TestStore } from '../../../../test/support/store';
import { TypeOrmUnitOfWork, UnitOfWork } from '../../../platform/database/unit-of-work';
import { Outbox } from '../../../platform/outbox/outbox';
import { TaskStore } from '../domain/task-store';
import { SqlTaskStore } from '../infra/sql-task-store';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../task-work';
import { aTask } from '../testing/task-store.contract';
import { TaskRunner } from './task-runner';

const STEPS = 20;

@Injectable()
class Faults {
  /** Awaited at the end of each step. */
  beforeSave: (task: Task<unknown, number>) => Promise<void> = () => Promise.resolve();
}

/** Writes each number once; the table refuses a second time. */
@TaskSteps('spec.marks')
class MarkingWork extends TaskWork<unknown, number> {
  constructor(
    private readonly uow: TypeOrmUnitOfWork,
    private readonly faults: Faults,
  ) {
    super();
  }

  override async step(task: Task<unknown, number>): Promise<StepResult<number>> {
    const n = (task.cursor ?? 0) + 1;
    await this.uow.manager.query('INSERT INTO mark (task, n) VALUES ($1, $2)', [task.id, n]);
    await this.faults.beforeSave(task);
    return { cursor: n, done: n === STEPS };
  }
}

describe('TaskRunner, several side by side', () => {
  let db: TestStore;
  const workers: INestApplicationContext[] = [];

  beforeAll(async () => {
    db = await openTestStore();
    await db.dataSource.query('CREATE TABLE mark (task text, n integer, PRIMARY KEY (task, n))');
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
  });
  afterAll(() => db.close());

  async function startWorker(beforeSave?: Faults['beforeSave']) {
    const faults = new Faults();
    if (beforeSave) faults.beforeSave = beforeSave;
    const module = await Test.createTestingModule({
      providers: [
        TaskRunner,
        MarkingWork,
        { provide: Faults, useValue: faults },
        { provide: TypeOrmUnitOfWork, useValue: db.uow },
        { provide: UnitOfWork, useValue: db.uow },
        { provide: TaskStore, useValue: new SqlTaskStore(db.sql, db.uow, new Outbox(db.uow), db.cipher) },
      ],
    }).compile();
    module.useLogger(false);
    workers.push(await module.init());
    return module;
  }

  async function start(): Promise<string> {
    const task = aTask({ type: 'spec.marks' });
    await new SqlTaskStore(db.sql, db.uow, new Outbox(db.uow), db.cipher).start(task);
    return task.id;
  }

  const unfinished = () => db.sql.run(`SELECT id FROM task WHERE status <> 'finished'`);
  const marksOf = async (id: string) =>
    (await db.sql.run<{ n: number }>('SELECT n FROM mark WHERE task = $1 ORDER BY n', [id])).map(({ n }) => n);
  const allMarks = Array.from({ length: STEPS }, (_, n) => n + 1);

  it('share the tasks and take each step once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, start));
    await Promise.all([startWorker(), startWorker()]);
    await eventually(async () => (await unfinished()).length === 0);
    for (const id of ids) expect(await marksOf(id)).toEqual(allMarks);
  });

  it('one goes on where another fell silent in the middle of a step, whose late effects are undone', async () => {
    let comeBack: (() => void) | undefined;
    const id = await start();
    await startWorker(({ cursor }) => (cursor === 7 ? new Promise((resolve) => (comeBack = resolve)) : Promise.resolve()));
    await eventually(() => comeBack);
    expect(await marksOf(id)).toEqual(allMarks.slice(0, 7));

    const leaseOf = async () => (await db.sql.run<{ lease: string }>('SELECT lease FROM task WHERE id = $1', [id]))[0]?.lease;
    const lost = await leaseOf();
    await db.sql.run(`UPDATE task SET lease_until = now() - interval '1 s' WHERE id = $1`, [id]);
    await startWorker();
    await eventually(async () => (await leaseOf()) !== lost);
    comeBack!();
    await eventually(async () => (await unfinished()).length === 0);
    expect(await marksOf(id)).toEqual(allMarks);
  });
});
