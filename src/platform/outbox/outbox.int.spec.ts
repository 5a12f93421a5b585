import { z } from 'zod';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { declarationProblems } from '../declarations/declarations';
import { defineEvent } from '../events/domain-event';
import { Observer } from './observer';
import { Outbox } from './outbox';

const Noted = defineEvent('test.noted', z.object({ noteId: z.string() }));
const Unseen = defineEvent('test.unseen', z.object({ noteId: z.string() }));

@Observer('test.first', Noted)
class FirstObserver {}
@Observer('test.second', Noted)
class SecondObserver {}

describe('Outbox', () => {
  let db: TestStore;
  let outbox: Outbox;

  beforeEach(async () => {
    db = await openTestStore();
    outbox = new Outbox(db.uow);
    await db.sql.run('CREATE TABLE note (id text PRIMARY KEY)');
  });
  afterEach(() => db.close());

  const note = (id: string) => db.uow.manager.query('INSERT INTO note VALUES ($1)', [id]);
  const stored = async () => ({
    notes: await db.sql.run('SELECT id FROM note'),
    events: await db.sql.run('SELECT type, payload, organization_id FROM outbox_event ORDER BY id'),
    jobs: await db.sql.run('SELECT e.payload, j.observer FROM observer_job j JOIN outbox_event e ON e.id = j.event_id ORDER BY e.id, 2'),
  });

  it('stores the row, its events and a job for each observer', async () => {
    await db.uow.run(async () => {
      await note('a');
      await outbox.append([Noted({ noteId: 'a' }), Unseen({ noteId: 'a' }), Noted({ noteId: 'b' })], 'org_1');
    });
    expect(await stored()).toEqual({
      notes: [{ id: 'a' }],
      events: [
        { type: 'test.noted', payload: { noteId: 'a' }, organization_id: 'org_1' },
        { type: 'test.unseen', payload: { noteId: 'a' }, organization_id: 'org_1' },
        { type: 'test.noted', payload: { noteId: 'b' }, organization_id: 'org_1' },
      ],
      jobs: [
        { payload: { noteId: 'a' }, observer: 'test.first' },
        { payload: { noteId: 'a' }, observer: 'test.second' },
        { payload: { noteId: 'b' }, observer: 'test.first' },
        { payload: { noteId: 'b' }, observer: 'test.second' },
      ],
    });
  });

  it.each([
    [
      'before the events',
      async () => {
        await note('a');
        await note('a');
      },
    ],
    [
      'after the events',
      async () => {
        await note('a');
        await outbox.append([Noted({ noteId: 'a' })], 'org_1');
        throw new Error('a later step failed');
      },
    ],
    [
      'in the events',
      async () => {
        await note('a');
        await outbox.append([{ type: 'test.noted', payload: { noteId: 'no\0text' } }], 'org_1');
      },
    ],
  ])('stores nothing when a step %s fails', async (_, work) => {
    await expect(db.uow.run(work)).rejects.toThrow();
    expect(await stored()).toEqual({ notes: [], events: [], jobs: [] });
  });

  it('stores events that nobody observes and that no organization owns', async () => {
    await outbox.append([Unseen({ noteId: 'a' })], null);
    await outbox.append([], null);
    expect(await stored()).toMatchObject({ events: [{ type: 'test.unseen', organization_id: null }], jobs: [] });
  });
});

it('observers have names of their own', () => {
  Observer('test.first', Unseen)(SecondObserver);
  expect(declarationProblems()).toContain(
    'Two declarations of the observer test.first: in src/platform/outbox/outbox.int.spec.ts and in src/platform/outbox/outbox.int.spec.ts. Rename one of them.',
  );
  expect(FirstObserver).toBeDefined();
});
