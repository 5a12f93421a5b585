import { openTestStore, type TestStore } from '../../../test/support/store';
import type { Sql } from '../database/sql';
import { newId } from '../ids/id';
import { type ClaimedObserverJob, ObserverJobs } from './observer-jobs';

const OBSERVER = 'test.first';
const LAST_ATTEMPT = 20;

describe('ObserverJobs', () => {
  let db: TestStore;
  let sql: TestStore['sql'];
  let jobs: ObserverJobs;

  beforeEach(async () => {
    db = await openTestStore();
    ({ sql } = db);
    jobs = new ObserverJobs(sql);
  });
  afterEach(() => db.close());

  async function add(count = 1): Promise<string> {
    const ids = Array.from({ length: count }, () => newId('evt'));
    await sql.run(
      `INSERT INTO outbox_event (id, type, payload, organization_id) SELECT id, 'test.noted', '{"n":1}', 'org_1' FROM unnest($1::text[]) id`,
      [ids],
    );
    await sql.run('INSERT INTO observer_job (event_id, observer) SELECT id, $2 FROM unnest($1::text[]) id', [ids, OBSERVER]);
    return ids[0]!;
  }

  async function claimed(id: string): Promise<ClaimedObserverJob> {
    const job = await jobs.claim(id, OBSERVER);
    if (!job) throw new Error('Not given out.');
    return job;
  }

  const state = async () => {
    const [row] = await sql.run<{ attempts: number; wait: number; failed: boolean; lease: string | null; last_error: string | null }>(
      `SELECT attempts, extract(epoch FROM due_at - now())::float AS wait, failed_at IS NOT NULL AS failed, lease, last_error FROM observer_job`,
    );
    return row;
  };
  const bellTimePasses = () => sql.run(`UPDATE observer_job SET rung_until = now() - interval '1 s'`);
  const leaseLapses = () => sql.run(`UPDATE observer_job SET lease_until = now() - interval '1 s'`);
  const waitPasses = () => sql.run('UPDATE observer_job SET due_at = now()');

  describe('bells', () => {
    it('ring once each, though several relays ring at once', async () => {
      await add(100);
      const relays = [new ObserverJobs(sql), new ObserverJobs(sql), new ObserverJobs(sql)];
      const rung: string[] = [];
      for (let round = 0; round < 5; round++) {
        const bells = await Promise.all(relays.map((relay) => relay.ring(20)));
        rung.push(...bells.flat().map(({ eventId }) => eventId));
      }
      expect(rung).toHaveLength(100);
      expect(new Set(rung).size).toBe(100);
    });

    it('do not wait for a relay that is at it, and leave its jobs to it', async () => {
      await add(20);
      await sql.transaction(async (run) => {
        const slow = await new ObserverJobs({ run } as unknown as Sql).ring(10);
        const rest = await jobs.ring(20);
        expect([slow.length, rest.length]).toEqual([10, 10]);
        expect(new Set([...slow, ...rest].map(({ eventId }) => eventId)).size).toBe(20);
      });
    });

    it('never ring for more than they were asked to', async () => {
      await add(300);
      await sql.run('ANALYZE observer_job');
      expect(await jobs.ring(7)).toHaveLength(7);
    });

    it('ring again after the bell time', async () => {
      const eventId = await add();
      expect(await jobs.ring(10)).toEqual([{ eventId, observer: OBSERVER }]);
      expect(await jobs.ring(10)).toEqual([]);
      await bellTimePasses();
      expect(await jobs.ring(10)).toEqual([{ eventId, observer: OBSERVER }]);
    });

    it('do not ring for what is leased, and do when the lease lapses', async () => {
      const eventId = await add();
      await jobs.claim(eventId, OBSERVER);
      expect(await jobs.ring(10)).toEqual([]);
      await leaseLapses();
      expect(await jobs.ring(10)).toEqual([{ eventId, observer: OBSERVER }]);
    });

    it('ring in the order in which jobs fell due', async () => {
      await add(3);
      const [second] = await sql.run<{ event_id: string }>(
        `UPDATE observer_job SET due_at = now() - interval '1 min' WHERE event_id = (SELECT max(event_id) FROM observer_job) RETURNING event_id`,
      );
      expect(await jobs.ring(1)).toEqual([{ eventId: second?.event_id, observer: OBSERVER }]);
    });
  });

  describe('claims', () => {
    it('hold the event', async () => {
      const id = await add();
      expect(await claimed(id)).toEqual({
        observer: OBSERVER,
        lease: expect.any(String),
        attempt: 1,
        event: { id, type: 'test.noted', payload: { n: 1 }, organizationId: 'org_1', occurredAt: expect.any(Date) },
      });
    });

    it('are given to one of many', async () => {
      const id = await add();
      const claims = await Promise.all(Array.from({ length: 8 }, () => jobs.claim(id, OBSERVER)));
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    it('are given again when the lease lapses, and not when the job is done, of another observer, or unknown', async () => {
      const id = await add();
      await jobs.claim(id, OBSERVER);
      await leaseLapses();
      const second = await claimed(id);
      expect(second.attempt).toBe(2);
      await jobs.finish(second);
      expect(await jobs.claim(id, OBSERVER)).toBeNull();
      expect(await jobs.claim(await add(), 'test.other')).toBeNull();
      expect(await jobs.claim(newId('evt'), OBSERVER)).toBeNull();
    });
  });

  it('does not let a lapsed lease finish or fail what another holds', async () => {
    const id = await add();
    const zombie = await claimed(id);
    await leaseLapses();
    const heir = await claimed(id);
    await jobs.finish(zombie);
    await jobs.fail(zombie, new Error('late'));
    expect(await state()).toMatchObject({ lease: heir.lease, last_error: null });
    await jobs.finish(heir);
    expect(await state()).toBeUndefined();
  });

  it('waits longer after each failure, and keeps the kind of the error, not its words', async () => {
    const id = await add();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await jobs.fail(await claimed(id), new TypeError('ann@example.com is unknown'))).toBe('will_repeat');
      waits.push((await state())!.wait);
      expect(await jobs.claim(id, OBSERVER)).toBeNull();
      expect(await jobs.ring(1)).toEqual([]);
      await waitPasses();
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeLessThanOrEqual(2 ** (index + 1));
      expect(wait).toBeGreaterThan(waits[index - 1] ?? 0);
    }
    expect(await state()).toMatchObject({ attempts: 5, failed: false, last_error: 'TypeError' });
  });

  it('waits an hour at most', async () => {
    const id = await add();
    await sql.run('UPDATE observer_job SET attempts = $1', [LAST_ATTEMPT - 2]);
    expect(await jobs.fail(await claimed(id), 'no error at all')).toBe('will_repeat');
    const { wait, last_error } = (await state())!;
    expect(wait).toBeLessThanOrEqual(3_600);
    expect(wait).toBeGreaterThan(3_000);
    expect(last_error).toBe('string');
  });

  it('gives up after the last attempt, and keeps the job for a person to see', async () => {
    const id = await add();
    await sql.run('UPDATE observer_job SET attempts = $1', [LAST_ATTEMPT - 1]);
    expect(await jobs.fail(await claimed(id), new Error('no'))).toBe('gave_up');
    await waitPasses();
    expect(await jobs.ring(10)).toEqual([]);
    expect(await jobs.claim(id, OBSERVER)).toBeNull();
    expect(await state()).toMatchObject({ attempts: LAST_ATTEMPT, failed: true, lease: null, last_error: 'Error' });
  });
});
