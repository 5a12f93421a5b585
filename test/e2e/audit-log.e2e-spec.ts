import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';

type Entry = {
  id: string;
  actor: { kind: string; id: string | null };
  action: string;
  object: string;
  result: string;
  requestId: string | null;
  occurredAt: string;
  address: string | null;
  fields: string[];
};
type Page = { data: Entry[]; iterator: string | null; prevIterator: string | null; done: boolean };
type Report = { chain: string; entries: number; head: string; breach: { entryId: string; kind: string } | null };

describe('the audit log', () => {
  let app: TestApp;
  let ann: Account;
  let bob: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    [ann, bob] = await Promise.all([signUp(app, 'Ann'), signUp(app, 'Bob')]);
  });
  afterAll(() => app.stop());

  const list = async (query = '', by = ann) => expected(200, await by.user<Page>('GET', `/audit-log${query}`));
  const createKey = async (by = ann) => expected(201, await by.user<{ id: string }>('POST', '/api-key', { name: 'audited' })).id;

  it('has what was done at the moment in which it is done', async () => {
    const headers = { 'x-request-id': 'the-request' };
    const { id } = expected(201, await ann.user<{ id: string }>('POST', '/api-key', { name: 'audited' }, headers));
    const [entry] = (await list()).data;
    expect(entry).toEqual({
      id: expect.stringMatching(/^aud_/),
      actor: { kind: 'user', id: ann.userId },
      action: 'api_key.created',
      object: id,
      result: 'success',
      requestId: 'the-request',
      occurredAt: expect.stringMatching(/Z$/),
      address: '127.0.0.1',
      fields: [],
    });
  });

  it('has roles, invitations and names', async () => {
    const path = `/organization/${ann.organizationId}`;
    expected(200, await ann.user('PATCH', path, { name: 'Renamed' }));
    const { id } = expected(201, await ann.user<{ id: string }>('POST', `${path}/invitation`, { email: bob.email, role: 'viewer' }));
    expected(204, await ann.user('DELETE', `${path}/invitation/${id}`));
    expect((await list('?limit=3')).data.map(({ action, object, fields }) => [action, object, fields])).toEqual([
      ['invitation.revoked', id, []],
      ['invitation.created', id, []],
      ['organization.updated', ann.organizationId, ['name']],
    ]);
  });

  it('is searched', async () => {
    const [first, second] = [await createKey(), await createKey()];
    expected(204, await ann.user('DELETE', `/api-key/${second}`));
    const found = async (query: string) => (await list(query)).data.map(({ action, object }) => `${action} ${object}`);
    expect(await found(`?object=${second}`)).toEqual([`api_key.revoked ${second}`, `api_key.created ${second}`]);
    expect(await found(`?object=${second}&action=api_key.created`)).toEqual([`api_key.created ${second}`]);
    expect(await found(`?object=${second}&action=api_key.created,api_key.revoked&order=ascending`)).toHaveLength(2);
    expect(await found('?action=api_key.unknown')).toEqual([]);
    expect(await found('?result=refused')).toEqual([]);
    expect(await found(`?actor=${bob.userId}`)).toEqual([]);
    expect((await found(`?actor=${ann.userId}&action=api_key.created`)).slice(0, 2)).toEqual([
      `api_key.created ${second}`,
      `api_key.created ${first}`,
    ]);
    const [{ occurredAt }] = (await list(`?object=${first}`)).data as [Entry];
    const later = new Date(Date.parse(occurredAt) + 1).toISOString();
    expect(await found(`?object=${first}&after=${later}`)).toEqual([]);
    expect(await found(`?object=${first}&before=${later}`)).toHaveLength(1);
  });

  it('is read in pages, both ways', async () => {
    const all = (await list()).data;
    const first = await list('?limit=2');
    const second = await list(`?limit=2&iterator=${first.iterator!}`);
    const back = await list(`?limit=2&iterator=${second.prevIterator!}`);
    expect([...first.data, ...second.data]).toEqual(all.slice(0, 4));
    expect(back.data).toEqual(first.data);
  });

  it('is for admins, and for nobody else', async () => {
    const path = `/organization/${ann.organizationId}`;
    expect(await callerOf(app)('GET', '/audit-log')).toMatchObject({ status: 401 });
    expect(await ann.organization('GET', '/audit-log')).toMatchObject({ status: 403, body: { code: 'insufficient_permission' } });
    expect(await bob.user('GET', '/audit-log', undefined, { 'posthorn-organization': ann.organizationId })).toMatchObject({ status: 404 });
    const theirs = (await list('', bob)).data.map(({ object }) => object);
    expect(theirs).not.toEqual(expect.arrayContaining([ann.organizationId]));
    expect(await bob.user('GET', path)).toMatchObject({ status: 404 });
    expect((await list(`?object=${ann.organizationId}`, bob)).data).toEqual([]);
  });

  it.each([
    '?limit=0',
    '?limit=abc',
    '?limit[$gt]=1',
    '?iterator=%00',
    '?result=maybe',
    '?result=refused&result=success',
    '?before=yesterday',
    '?after=2026-13-01T00:00:00Z',
    '?action=%00',
    '?actor=a&actor=b',
    '?object=%F0%9F%98%80',
    '?organizationId=org_1',
  ])('is not searched by %s', async (query) => {
    expect(await ann.user('GET', `/audit-log${query}`)).toMatchObject({ status: 422, body: { code: 'validation_error' } });
  });

  it.each(['aud_none', 'app_00PdZgP1mUfrWVHT7bLhCUOkPPT', '-aud_none'])('finds nothing strange at the iterator %s', async (iterator) => {
    expect((await ann.user('GET', `/audit-log?iterator=${iterator}`)).status).toBe(200);
  });

  describe('is verified by a command', () => {
    const audit = (...options: string[]) =>
      new Promise<{ code: number; reports: Report[]; stderr: string }>((resolve) => {
        const env = { PATH: process.env['PATH'], ...app.environment };
        execFile(process.execPath, [join(__dirname, '../../dist/audit.js'), ...options], { env }, (error, stdout, stderr) => {
          const reports = stdout.split('\n').filter(Boolean);
          resolve({ code: Number(error?.code ?? 0), reports: reports.map((line) => JSON.parse(line) as Report), stderr });
        });
      });
    const sealed = () =>
      eventually(async () => (await query('SELECT count(*) FROM audit_unsealed')).rows[0]?.count === '0', { what: 'the seals' });
    const query = async (text: string, values: unknown[] = []) => {
      const client = new Client({ connectionString: app.database.url });
      await client.connect();
      try {
        return await client.query<{ count: string }>(text, values);
      } finally {
        await client.end();
      }
    };

    it('that says what it is for', async () => {
      expect(await audit()).toMatchObject({ code: 1, reports: [], stderr: expect.stringContaining('Usage:') });
    });

    it('which finds it whole, and names the first entry that somebody with all rights has changed', async () => {
      const keyId = await createKey();
      await sealed();
      const whole = await audit('verify');
      expect(whole).toMatchObject({ code: 0, stderr: '' });
      expect(whole.reports.map(({ chain }) => chain)).toEqual(expect.arrayContaining([ann.organizationId, bob.organizationId, 'system']));
      expect(whole.reports.filter(({ breach }) => breach)).toEqual([]);

      const [{ id }] = (await list(`?object=${keyId}`)).data as [Entry];
      await query('ALTER TABLE audit_entry DISABLE TRIGGER USER');
      await query(`UPDATE audit_entry SET actor_id = $2 WHERE id = $1`, [id, bob.userId]);
      const broken = await audit('verify', '--organization', ann.organizationId);
      expect(broken.code).toBe(1);
      expect(broken.reports).toMatchObject([{ chain: ann.organizationId, breach: { entryId: id, kind: 'changed' } }]);
      // Two processes are started and ended, on a machine that runs other tests beside.
    }, 60_000);
  });
});
