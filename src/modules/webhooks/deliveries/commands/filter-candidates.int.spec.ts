import { Logger } from '@nestjs/common';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { newId } from '../../../../platform/ids/id';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { FilterCandidatesHandler } from './filter-candidates';

const ORGANIZATION = newId('org');
const APPLICATION = newId('app');

describe('FilterCandidates', () => {
  let db: TestStore;
  beforeEach(async () => {
    db = await openTestStore();
    await db.sql.run(
      `INSERT INTO application (id, organization_id, name, metadata, version, created_at, updated_at) VALUES ($1, $2, '', '', 1, now(), now())`,
      [APPLICATION, ORGANIZATION],
    );
  });
  afterEach(() => db.close());

  const worker = () => new FilterCandidatesHandler(db.sql, db.cipher);
  const seal = (table: string, column: string, id: string, bytes: string) =>
    db.cipher.seal(ORGANIZATION, columnContext(table, column, id), Buffer.from(bytes));

  async function endpoint(filter: object | null, ordering = 'none'): Promise<string> {
    const id = newId('ep');
    await db.sql.run(
      `INSERT INTO endpoint (id, organization_id, application_id, url, description, metadata, secrets, headers, disabled, version, created_at, updated_at, filter, ordering)
       VALUES ($1, $2, $3, '', '', '', '', '', false, 1, now(), now(), $4, $5)`,
      [id, ORGANIZATION, APPLICATION, filter && (await seal('endpoint', 'filter', id, JSON.stringify(filter))), ordering],
    );
    return id;
  }

  async function message(payload: string | null, ...endpointIds: string[]): Promise<string> {
    const id = newId('msg');
    await db.sql.run(
      `INSERT INTO message (id, organization_id, application_id, event_type, payload, created_at) VALUES ($1, $2, $3, 'a', $4, now())`,
      [id, ORGANIZATION, APPLICATION, payload === null ? null : await seal('message', 'payload', id, payload)],
    );
    await db.sql.run(
      `INSERT INTO filter_candidate (message_id, endpoint_id, organization_id, application_id, event_type, accepted_at)
       SELECT $1, endpoint_id, $2, $3, 'a', now() FROM unnest($4::text[]) AS e (endpoint_id)`,
      [id, ORGANIZATION, APPLICATION, endpointIds],
    );
    return id;
  }

  const pending = async () =>
    (await db.sql.run<{ message_id: string }>('SELECT message_id FROM pending_delivery ORDER BY message_id, endpoint_id')).map(
      ({ message_id }) => message_id,
    );
  const candidates = async () => (await db.sql.run('SELECT 1 FROM filter_candidate')).length;
  const lanes = async () => (await db.sql.run('SELECT 1 FROM delivery_lane WHERE due_at <= now()')).length;

  it('makes due what is wanted, forgets the rest, and wakes the lanes', async () => {
    const [odd, large, all] = [await endpoint({ n: { $in: [1, 3] } }), await endpoint({ n: { $gt: 2 } }), await endpoint(null)];
    await endpoint({ n: 1 });
    const ids = [await message('{"n":1}', odd, large), await message('{"n":3}', odd, large, all), await message('{"n":0}', odd)];
    expect(await worker().execute()).toEqual({ deliveries: 4, more: false });
    expect(await pending()).toEqual([ids[0], ids[1], ids[1], ids[1]]);
    expect([await candidates(), await lanes()]).toEqual([0, 3]);
    expect(await worker().execute()).toEqual({ deliveries: 0, more: false });
  });

  it('never matches a payload that is gone, or that is not JSON, nor an endpoint that is gone', async () => {
    const id = await endpoint({ n: { $exists: false } });
    await message(null, id);
    await message('n=1', id);
    await message('{}', newId('ep'));
    expect(await worker().execute()).toEqual({ deliveries: 0, more: false });
    expect(await candidates()).toBe(0);
  });

  it('decides about each once, though several workers do so at once', async () => {
    const id = await endpoint({ n: { $gte: 0 } });
    for (let n = 0; n < 600; n++) await message(`{"n":${n}}`, id);
    const done = await Promise.all([worker(), worker(), worker()].map((each) => each.execute()));
    expect(done.reduce((sum, { deliveries }) => sum + deliveries, 0)).toBe(600);
    expect([(await pending()).length, await candidates()]).toEqual([600, 0]);
  });

  it('goes on in batches, by number and by bytes', async () => {
    const id = await endpoint({ n: 1 });
    for (let n = 0; n < 3; n++) await message(`{"n":1,"text":"${'x'.repeat(2_000_000)}"}`, id);
    const one = worker();
    expect(await one.execute()).toEqual({ deliveries: 3, more: false });
    for (let n = 0; n < 4; n++) await message(`{"n":1,"text":"${'x'.repeat(2_000_000)}"}`, id);
    expect(await one.execute()).toEqual({ deliveries: 3, more: true });
    expect(await one.execute()).toEqual({ deliveries: 1, more: false });
  });

  it('leaves for later what cannot be read, and nothing waits behind it', async () => {
    Logger.overrideLogger(false);
    const id = await endpoint({ n: 1 });
    const broken = await message('{"n":1}', id);
    const good = await message('{"n":1}', id);
    await db.sql.run(`UPDATE message SET payload = '\\x0100000001ff' WHERE id = $1`, [broken]);
    expect(await worker().execute()).toEqual({ deliveries: 1, more: false });
    expect(await pending()).toEqual([good]);
    expect(await candidates()).toBe(1);
    await db.sql.run('UPDATE message SET payload = $2 WHERE id = $1', [broken, await seal('message', 'payload', broken, '{"n":1}')]);
    await db.sql.run('UPDATE filter_candidate SET due_at = now()');
    expect(await worker().execute()).toEqual({ deliveries: 1, more: false });
  });

  it('decides nothing of what an endpoint wants in order while something before it cannot be read', async () => {
    Logger.overrideLogger(false);
    const [ordered, other] = [await endpoint({ n: 1 }, 'fifo'), await endpoint({ n: 1 })];
    const first = await message('{"n":1}', ordered);
    const broken = await message('{"n":1}', ordered);
    const behind = await message('{"n":1}', ordered, other);
    await db.sql.run(`UPDATE message SET payload = '\\x0100000001ff' WHERE id = $1`, [broken]);
    expect(await worker().execute()).toEqual({ deliveries: 2, more: true });
    expect(await worker().execute()).toEqual({ deliveries: 0, more: false });
    expect(await pending()).toEqual([first, behind]);
    await db.sql.run('UPDATE message SET payload = $2 WHERE id = $1', [broken, await seal('message', 'payload', broken, '{"n":1}')]);
    await db.sql.run('UPDATE filter_candidate SET due_at = now()');
    expect(await worker().execute()).toEqual({ deliveries: 2, more: false });
    const places = 'SELECT message_id FROM pending_delivery WHERE endpoint_id = $1 ORDER BY position';
    expect((await db.sql.run<{ message_id: string }>(places, [ordered])).map(({ message_id }) => message_id)).toEqual([
      first,
      broken,
      behind,
    ]);
  });

  it('leaves it to one worker at a time to decide what an endpoint wants in order', async () => {
    const [ordered, other] = [await endpoint({ n: 1 }, 'fifo'), await endpoint({ n: 1 })];
    await message('{"n":1}', ordered, other);
    await db.sql.transaction(async (run) => {
      await run('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [ordered]);
      expect(await worker().execute()).toEqual({ deliveries: 1, more: false });
    });
    expect(await worker().execute()).toEqual({ deliveries: 1, more: false });
  });
});
