import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { IdempotencyKeeper } from '../../src/platform/idempotency/idempotency-keeper';
import { IdempotencyKeys } from '../../src/platform/idempotency/idempotency-keys';
import { type Account, callerAt, callerOf, expected, signUp } from '../support/accounts';
import { startTestApi, startTestApp, startTestWorker, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';

type Created = { id: string; name: string };
type Problem = { code: string; detail: unknown };

describe('Idempotency-Key', () => {
  let app: TestApp;
  let ann: Account;
  let database: Client;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
    database = new Client({ connectionString: app.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await app.stop();
  });

  const keyed = () => ({ 'idempotency-key': randomUUID() });
  const create = (body: object, headers: Record<string, string> = keyed(), caller = ann.organization) =>
    caller<Created & Problem>('POST', '/app', body, headers);
  const countOf = async (name: string) => {
    const { body } = await ann.organization<{ data: Created[] }>('GET', '/app?limit=250');
    return body.data.filter((found) => found.name === name).length;
  };

  it('gives the first answer again, and says so', async () => {
    const key = keyed();
    const first = await create({ name: 'Once' }, key);
    const second = await create({ name: 'Once' }, key);
    expect(first.status).toBe(201);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(await countOf('Once')).toBe(1);
  });

  it('repeats the status that the first request had, whatever is usual for the route', async () => {
    const key = keyed();
    await create({ name: 'There', uid: 'there' });
    const get = () => ann.organization('POST', '/app?get_if_exists=true', { name: 'There', uid: 'there' }, key);
    expect(expected(200, await get())).toEqual(expected(200, await get()));
    expect(await ann.organization('POST', '/app', { name: 'There', uid: 'there' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('repeats refusals, and answers without a body', async () => {
    const taken = keyed();
    await create({ name: 'Taken', uid: 'taken' });
    const refused = await create({ name: 'Other', uid: 'taken' }, taken);
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await create({ name: 'Other', uid: 'taken' }, taken)).toMatchObject({
      status: 409,
      body: refused.body,
      headers: { 'idempotency-replayed': 'true', 'content-type': expect.stringContaining('application/problem+json') },
    });

    const { id } = expected(201, await ann.organization<Created>('POST', '/app/taken/endpoint', { url: 'https://example.com/hook' }));
    const rotation = keyed();
    const rotate = () => ann.organization('POST', `/app/taken/endpoint/${id}/secret/rotate`, {}, rotation);
    const secret = async () => (await ann.organization('GET', `/app/taken/endpoint/${id}/secret`)).body;
    expect(await rotate()).toMatchObject({ status: 204, body: undefined });
    const rotated = await secret();
    expect(await rotate()).toMatchObject({ status: 204, body: undefined, headers: { 'idempotency-replayed': 'true' } });
    expect(await secret()).toEqual(rotated);
  });

  it('refuses the key with another body', async () => {
    const key = keyed();
    await create({ name: 'One' }, key);
    expect(await create({ name: 'Two' }, key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await countOf('Two')).toBe(0);
  });

  it('belongs to one token and one path', async () => {
    const key = keyed();
    const { token } = expected(201, await ann.user<{ token: string }>('POST', '/api-key', { name: 'second' }));
    const answers = [
      await create({ name: 'Mine' }, key),
      await create({ name: 'Mine' }, key, callerOf(app, token)),
      await create({ name: 'Mine' }, key, ann.user),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(3);
    const elsewhere = await ann.organization('POST', '/event-type', { name: 'Mine', description: '' }, key);
    expect(elsewhere).toMatchObject({ status: 201, body: { name: 'Mine' } });
    expect((await ann.organization<Created>('POST', '/app/', { name: 'Mine' }, key)).body.id).toBe(answers[0]?.body.id);
  });

  it('answers 409 while the first request is under way, on every replica, and the first answer afterwards', async () => {
    const key = keyed();
    const replica = await startTestApi(app.environment);
    const there = callerOf({ http: replica }, ann.apiKey);
    await database.query('BEGIN; LOCK TABLE application IN ACCESS EXCLUSIVE MODE');
    const first = create({ name: 'Slow' }, key);
    await eventually(async () => (await database.query('SELECT FROM idempotency_key WHERE status IS NULL')).rowCount === 1, {
      what: 'the claim of the first request',
    });
    expect(await create({ name: 'Slow' }, key, there)).toMatchObject({
      status: 409,
      body: { code: 'request_under_way' },
      headers: { 'retry-after': '1' },
    });
    await database.query('COMMIT');
    const { status, body } = await first;
    expect(status).toBe(201);
    expect(await create({ name: 'Slow' }, key, there)).toMatchObject({ status: 201, body, headers: { 'idempotency-replayed': 'true' } });
    await replica.close();
  });

  it('takes effect once, however many come at once', async () => {
    const key = keyed();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create({ name: 'Crowd' }, key)));
    const created = answers.filter(({ status }) => status === 201);
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201).every(({ body }) => body.code === 'request_under_way')).toBe(true);
    expect(await countOf('Crowd')).toBe(1);
  });

  it('takes effect once across processes as well', async () => {
    const processes = await Promise.all([startProcess('main', app.environment), startProcess('main', app.environment)]);
    const callers = processes.map(({ url }) => callerAt(url, ann.apiKey));
    for (let round = 0; round < 5; round++) {
      const [key, name] = [keyed(), `Two processes ${round}`];
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => create({ name }, key, callers[n % 2])));
      const created = answers.filter(({ status }) => status === 201);
      expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
      expect(answers.filter(({ status }) => status !== 201).every(({ body }) => body.code === 'request_under_way')).toBe(true);
      for (const caller of callers) expect((await create({ name }, key, caller)).body.id).toBe(created[0]?.body.id);
      expect(await countOf(name)).toBe(1);
    }
    await Promise.all(processes.map((each) => each.stop()));
  }, 60_000);

  it('does not keep failures', async () => {
    const key = keyed();
    await database.query('ALTER TABLE application RENAME TO application_away');
    const failed = await create({ name: 'Later' }, key);
    await database.query('ALTER TABLE application_away RENAME TO application');
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(await create({ name: 'Later' }, key)).toMatchObject({ status: 201 });
  });

  it('keeps answers encrypted, with the secrets in them', async () => {
    const key = keyed();
    const ask = () => ann.user<{ token: string }>('POST', '/api-key', { name: 'kept' }, key);
    const { token } = expected(201, await ask());
    expect(expected(201, await ask()).token).toBe(token);
    const { rows } = await database.query<{ text: string }>(
      `SELECT k::text || encode(k.answer, 'escape') AS text FROM idempotency_key k WHERE answer IS NOT NULL`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ text }) => text.includes(token) || text.includes(key['idempotency-key']) || text.includes('createdAt'))).toEqual(
      [],
    );
  });

  it('takes over what a process that died has left, and forgets after 12 hours', async () => {
    const key = keyed();
    const { id } = expected(201, await create({ name: 'Left' }, key));
    const { rows } = await database.query<{ hours: number }>(
      `UPDATE idempotency_key SET status = NULL, claimed_until = now() - interval '1 second' WHERE expires_at = (SELECT max(expires_at) FROM idempotency_key)
       RETURNING round(extract(epoch FROM expires_at - now()) / 3600)::int AS hours`,
    );
    expect(rows).toEqual([{ hours: 12 }]);
    const again = expected(201, await create({ name: 'Left' }, key));
    expect(again.id).not.toBe(id);

    await database.query(`UPDATE idempotency_key SET expires_at = now() - interval '1 second'`);
    expect(expected(201, await create({ name: 'Quite other' }, key)).name).toBe('Quite other');
    const worker = await startTestWorker(app.environment);
    expect(worker.get(IdempotencyKeeper)).toBeDefined();
    await eventually(async () => (await database.query('SELECT FROM idempotency_key')).rowCount === 1, { what: 'only the key of today' });
    expect(await worker.get(IdempotencyKeys).forget(10)).toBe(0);
    await worker.close();
  });

  it('is no ticket past the guards', async () => {
    const key = keyed();
    const { id: keyId, token } = expected(201, await ann.user<{ id: string; token: string }>('POST', '/api-key', { name: 'short-lived' }));
    await create({ name: 'Guarded' }, key, callerOf(app, token));
    await ann.user('DELETE', `/api-key/${keyId}`);
    await eventually(async () => (await create({ name: 'Guarded' }, key, callerOf(app, token))).status === 401, {
      what: 'the end of the key',
    });
  });

  it.each(['', 'x'.repeat(257), 'ключ', 'a\tb'])('refuses the key %j', async (key) => {
    const { status, body } = await create({ name: 'Bad' }, { 'idempotency-key': key });
    expect({ status, loc: (body.detail as { loc: string[] }[])[0]?.loc }).toEqual({ status: 422, loc: ['header', 'idempotency-key'] });
  });

  it('is nothing to other methods, nor to callers without a token', async () => {
    const key = keyed();
    expect((await ann.organization('PUT', '/app/put', { name: 'Put' }, key)).status).toBe(201);
    expect((await ann.organization('PUT', '/app/put', { name: 'Put' }, key)).status).toBe(200);
    const login = () => callerOf(app)<{ refreshToken: string }>('POST', '/auth/login', { email: ann.email, password: ann.password }, key);
    expect(expected(200, await login()).refreshToken).not.toBe(expected(200, await login()).refreshToken);
  });
});
