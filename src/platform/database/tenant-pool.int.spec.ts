import { openTestStore, type TestStore } from '../../../test/support/store';
import { asSystem, callContext, inContext } from '../context/call-context';
import { newId } from '../ids/id';

/** A table of the product that has a tenant and few other columns. */
const INSERT = `INSERT INTO member (id, version, organization_id, user_id, role, created_at, updated_at) VALUES ($1, 1, $2, 'user_1', 'owner', now(), now())`;
const tenants = 'SELECT DISTINCT organization_id AS id FROM member ORDER BY 1';

describe('TenantPool', () => {
  let db: TestStore;
  const [one, two] = [newId('org'), newId('org')].sort() as [string, string];
  const within = <T>(organizationId: string, work: () => Promise<T>) => inContext({ ...callContext(), organizationId }, work);
  const seen = () => db.sql.run<{ id: string }>(tenants).then((rows) => rows.map(({ id }) => id));

  beforeAll(async () => {
    db = await openTestStore();
    for (const id of [one, two]) {
      await db.sql.run('INSERT INTO organization (id, version, name, created_at, updated_at) VALUES ($1, 1, $2, now(), now())', [id, '']);
      await db.sql.run(INSERT, [newId('mem'), id]);
    }
  });
  afterAll(() => db.close());

  it('shows a tenant its own rows, whatever the statement forgot to ask for', async () => {
    expect(await within(one, seen)).toEqual([one]);
    expect(await within(two, seen)).toEqual([two]);
  });

  it('shows the system everything, also from within a request', async () => {
    expect(await seen()).toEqual([one, two]);
    expect(await within(one, () => asSystem(seen))).toEqual([one, two]);
  });

  it('binds transactions and the entity manager as well', async () => {
    await within(two, async () => {
      expect(await db.uow.run(() => db.uow.manager.query(tenants))).toEqual([{ id: two }]);
      expect(await db.uow.manager.query(tenants)).toEqual([{ id: two }]);
      expect(await db.sql.transaction((run) => run(tenants))).toEqual([{ id: two }]);
    });
  });

  it('keeps requests apart that share connections', async () => {
    const turns = Array.from({ length: 200 }, (_, i) => [one, two][i % 2]!);
    const answers = await Promise.all(turns.map((tenant) => within(tenant, seen)));
    expect(answers).toEqual(turns.map((tenant) => [tenant]));
  });

  it('lets nobody write into another tenant', async () => {
    await expect(within(one, () => db.sql.run(INSERT, [newId('mem'), two]))).rejects.toThrow('row-level security');
    expect(
      await within(one, () => db.sql.run('UPDATE member SET user_id = $1 WHERE organization_id = $2 RETURNING 1', ['x', two])),
    ).toEqual([]);
    expect(await within(one, () => db.sql.run('DELETE FROM member WHERE organization_id = $1 RETURNING 1', [two]))).toEqual([]);
    expect(await seen()).toEqual([one, two]);
  });

  it('protects every table that has a tenant', async () => {
    const open = await db.sql.run<{ table: string }>(
      `SELECT c.relname AS "table" FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attname = 'organization_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relrowsecurity
          AND c.relnamespace = 'public'::regnamespace`,
    );
    // Written for whoever observes, read by nobody's request.
    expect(open.map(({ table }) => table)).toEqual(['outbox_event']);
  });
});
