import { QueryBus } from '@nestjs/cqrs';
import { VerifyAuditLog } from '../../src/modules/audit';
import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

type Organization = { id: string; role: string; deletedAt: string | null; eraseAt: string | null };

describe('a deleted organization', () => {
  let app: TestApp;
  let receiver: Receiver;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const pathOf = ({ organizationId }: Account) => `/organization/${organizationId}`;
  const close = async (account: Account) => expected(202, await account.user<Organization>('DELETE', pathOf(account)));
  const rows = <Row extends object>(text: string, values: unknown[], on = app) =>
    on.http.get(Sql).run<Row & Record<string, unknown>>(text, values);

  it('can be restored for seven days', async () => {
    const ann = await signUp(app, 'Ann');
    const { deletedAt, eraseAt } = await close(ann);
    expect(Date.parse(eraseAt!) - Date.parse(deletedAt!)).toBe(7 * 86_400_000);
    expect(await ann.user('GET', pathOf(ann))).toMatchObject({ status: 200, body: { deletedAt, eraseAt } });
    expect(await ann.user('POST', `${pathOf(ann)}/restore`)).toMatchObject({ status: 200, body: { deletedAt: null, eraseAt: null } });
    expect((await ann.user('PATCH', pathOf(ann), { name: 'Back' })).status).toBe(200);
  });

  it('is closed for people and programs', async () => {
    const ann = await signUp(app, 'Ann');
    await close(ann);
    const closed = { status: 403, body: { code: 'organization_closed' } };
    await eventually(async () => (await ann.user('GET', '/app')).status === 403, { within: 2_500 });
    expect(await ann.user('GET', '/app')).toMatchObject(closed);
    expect(await ann.user('PATCH', pathOf(ann), { name: 'Mine' })).toMatchObject(closed);
    expect(await ann.user('DELETE', pathOf(ann))).toMatchObject(closed);
    expect(await ann.user('GET', `${pathOf(ann)}/member`)).toMatchObject(closed);
    expect(await ann.user('POST', `${pathOf(ann)}/invitation`, { email: 'bob@example.com', role: 'viewer' })).toMatchObject(closed);
    expect((await ann.user('GET', '/audit-log')).status).toBe(200);
    await eventually(async () => (await ann.organization('GET', '/app')).status === 401, { within: 2_500 });
    expect((await ann.user('GET', '/users/me')).status).toBe(200);

    expected(200, await ann.user('POST', `${pathOf(ann)}/restore`));
    await eventually(async () => (await ann.organization('GET', '/app')).status === 200, { within: 2_500 });
  });

  it('sends nothing more, and says of what waited that it was canceled', async () => {
    const ann = await signUp(app, 'Ann');
    const { appId } = await listenAt(ann, receiver.urlFor('/closed'));
    receiver.answerBy(({ path }) => ({ status: path === '/closed' ? 500 : 200 }));
    const messageId = await send(ann, appId);
    const requests = () => receiver.requests.filter(({ path }) => path === '/closed').length;
    const deliveries = () =>
      rows<{ status: number }>('SELECT message_id, status, reason FROM delivery WHERE organization_id = $1', [ann.organizationId]);
    await eventually(async () => requests() === 1 && (await deliveries())[0]?.status === 1, { what: 'a failed attempt, to be repeated' });

    await close(ann);
    await eventually(async () => (await deliveries())[0]?.status === 4, { what: 'the cancellation' });
    expect(await deliveries()).toEqual([{ message_id: messageId, status: 4, reason: 'organization_closed' }]);
    expect(requests()).toBe(1);

    expected(200, await ann.user('POST', `${pathOf(ann)}/restore`));
    await eventually(async () => (await ann.organization('GET', '/app')).status === 200, { within: 2_500 });
    await eventually(
      async () =>
        (await rows('SELECT 1 FROM closed_organization WHERE NOT closed AND organization_id = $1', [ann.organizationId])).length === 1,
    );
    receiver.answerBy(() => ({ status: 200 }));
    await send(ann, appId);
    await eventually(() => requests() === 2, { what: 'a delivery after the restoration' });
  });

  it('is restored by its owner only', async () => {
    const [ann, bob] = await Promise.all([signUp(app, 'Ann'), signUp(app, 'Bob')]);
    await rows(
      `INSERT INTO member (id, version, organization_id, user_id, role, created_at, updated_at) VALUES ($1, 1, $2, $3, 'admin', now(), now())`,
      [`mem_${bob.userId}`, ann.organizationId, bob.userId],
    );
    await close(ann);
    expect(await bob.user('POST', `${pathOf(ann)}/restore`)).toMatchObject({ status: 403, body: { code: 'insufficient_permission' } });
  });

  it('is erased when its days are over: no row, no key, and an audit log that still verifies', async () => {
    const other = await startTestApp({ worker: true, env: { ORGANIZATION_GRACE_DAYS: '0' } });
    try {
      const [ann, bob] = await Promise.all([signUp(other, 'Ann'), signUp(other, 'Bob')]);
      for (const account of [ann, bob]) {
        const { appId } = await listenAt(account, receiver.urlFor('/erased'));
        for (let n = 0; n < 3; n++) await send(account, appId, n, { eventId: `event-${n}` });
        expected(201, await account.organization('POST', '/event-type', { name: 'invoice.paid', description: 'paid' }));
      }
      const attemptsOf = (account: Account) => rows('SELECT 1 FROM attempt WHERE organization_id = $1', [account.organizationId], other);
      await eventually(async () => (await attemptsOf(ann)).length === 3 && (await attemptsOf(bob)).length === 3);
      await close(ann);

      const tables = await rows<{ name: string }>(
        `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE a.attname = 'organization_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND c.relname NOT IN ('audit_entry', 'outbox_event', 'task')`,
        [],
        other,
      );
      expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['member', 'endpoint', 'message', 'attempt']));
      const left = async (account: Account) => {
        const counts = tables.map(async ({ name }) => {
          const statement = `SELECT 1 FROM ${name} WHERE organization_id = $1 LIMIT 1`;
          return (await rows(statement, [account.organizationId], other)).length > 0 ? name : null;
        });
        return (await Promise.all(counts)).filter((name) => name !== null).sort();
      };
      const before = await left(bob);
      await eventually(async () => (await left(ann)).length === 0, { what: 'the erasure' });
      expect(await rows('SELECT 1 FROM organization WHERE id = $1', [ann.organizationId], other)).toEqual([]);
      await eventually(async () => (await rows('SELECT 1 FROM data_key WHERE scope = $1', [ann.organizationId], other)).length === 0);
      expect(await left(bob)).toEqual(before);
      expect((await bob.organization('GET', '/app')).status).toBe(200);
      expect((await ann.user('GET', pathOf(ann))).status).toBe(404);

      const verify = () => other.http.get(QueryBus).execute(new VerifyAuditLog(ann.organizationId));
      await eventually(async () => (await rows('SELECT 1 FROM audit_unsealed', [], other)).length === 0, { what: 'the seals' });
      const [report] = await verify();
      expect(report).toMatchObject({ breach: null });
    } finally {
      await other.stop();
    }
  });
});
