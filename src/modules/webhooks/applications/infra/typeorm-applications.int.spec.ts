import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import type { Order, PageRequest } from '../../../../platform/http/list-page';
import { newId } from '../../../../platform/ids/id';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import { Application } from '../domain/application';
import { OPERATIONAL, operationalApplicationId } from '../application-ref';
import { OpenOperationalApplication, OpenOperationalApplicationHandler } from '../commands/open-operational-application';
import { GetApplication, GetApplicationHandler } from '../queries/get-application';
import { ListApplications, ListApplicationsHandler } from '../queries/list-applications';
import { ResolveApplication, ResolveApplicationHandler } from '../queries/resolve-application';
import { applicationRepositoryContract } from '../testing/application-repository.contract';
import { TypeOrmApplicationRepository } from './typeorm-application.repository';

const NOW = new Date('2026-01-02T03:04:05.678Z');

describe('applications in PostgreSQL', () => {
  let db: TestStore;
  let applications: TypeOrmApplicationRepository;

  beforeAll(async () => {
    db = await openTestStore(Application);
    applications = new TypeOrmApplicationRepository(db.store);
  });
  afterAll(() => db.close());

  const saved = async (organizationId: string, name: string, uid: string | null = null) => {
    const application = Application.create(
      newId('app'),
      organizationId,
      { uid, name, metadata: { note: `${name} note` }, throttleRate: null },
      NOW,
    );
    await applications.save(application);
    return application;
  };

  describe('TypeOrmApplicationRepository', () => {
    applicationRepositoryContract(() => applications);

    it('leaves nothing to read in the database', async () => {
      const { id } = await saved(newId('org'), 'Persephone');
      const [row] = await db.sql.run<{ dump: string }>('SELECT a::text AS dump FROM application a WHERE id = $1', [id]);
      expect(row!.dump).not.toContain(Buffer.from('Persephone').toString('hex'));
    });

    it('writes an event that names the organization', async () => {
      const { id, organizationId } = await saved(newId('org'), 'Acme');
      const events = await db.sql.run('SELECT type, payload FROM outbox_event WHERE organization_id = $1', [organizationId]);
      expect(events).toEqual([{ type: 'application.created', payload: { applicationId: id } }]);
    });
  });

  it('resolves ids and uids of the organization, and nothing else', async () => {
    const org = newId('org');
    const { id } = await saved(org, 'Acme', 'customer-7');
    const resolve = (organizationId: string, idOrUid: string) =>
      new ResolveApplicationHandler(db.sql).execute(new ResolveApplication(organizationId, idOrUid));
    expect(await resolve(org, id)).toEqual({ id });
    expect(await resolve(org, 'customer-7')).toEqual({ id });
    for (const [organizationId, idOrUid] of [
      [newId('org'), id],
      [newId('org'), 'customer-7'],
      [org, newId('app')],
      [org, ''],
      [org, '\u0000'],
      [org, "' OR 1=1 --"],
    ] as const) {
      await expect(resolve(organizationId, idOrUid)).rejects.toThrow(EntityNotFound);
    }
  });

  it('shows what was stored, and not to another organization', async () => {
    const org = newId('org');
    const { id } = await saved(org, 'Žofie', 'customer-7');
    const get = (organizationId: string) => new GetApplicationHandler(db.sql, db.cipher).execute(new GetApplication(organizationId, id));
    expect(await get(org)).toEqual({
      id,
      uid: 'customer-7',
      name: 'Žofie',
      throttleRate: null,
      rateLimit: null,
      metadata: { note: 'Žofie note' },
      createdAt: NOW,
      updatedAt: NOW,
    });
    await expect(get(newId('org'))).rejects.toThrow(EntityNotFound);
  });

  it('has one hidden application for each organization, which nobody can name', async () => {
    const org = newId('org');
    const id = operationalApplicationId(org);
    const open = () =>
      new OpenOperationalApplicationHandler(applications, new FixedClock(NOW)).execute(new OpenOperationalApplication(org));
    await Promise.all([open(), open()]);
    await open();
    expect(await db.sql.run('SELECT id, operational FROM application WHERE organization_id = $1', [org])).toEqual([
      { id, operational: true },
    ]);
    expect(await db.sql.run('SELECT type FROM outbox_event WHERE organization_id = $1', [org])).toEqual([]);
    const resolve = new ResolveApplicationHandler(db.sql);
    expect(await resolve.execute(new ResolveApplication(org, OPERATIONAL))).toEqual({ id });
    await expect(resolve.execute(new ResolveApplication(org, id))).rejects.toThrow(EntityNotFound);
    await expect(new GetApplicationHandler(db.sql, db.cipher).execute(new GetApplication(org, id))).rejects.toThrow(EntityNotFound);
    expect(await applications.find(org, id)).toBeNull();
  });

  it('lists by age in both orders and directions, without what is deleted, hidden or belongs to others', async () => {
    const org = newId('org');
    for (const name of ['a', 'b', 'c', 'd']) await saved(org, name);
    const gone = await saved(org, 'gone');
    gone.delete(NOW);
    await applications.save(gone);
    await saved(newId('org'), 'foreign');
    await new OpenOperationalApplicationHandler(applications, new FixedClock(NOW)).execute(new OpenOperationalApplication(org));
    const list = async (order: Order, iterator: string | null = null, limit = 3) => {
      const page: PageRequest = { order, iterator, limit };
      const { data, ...rest } = await new ListApplicationsHandler(db.sql, db.cipher).execute(new ListApplications(org, page));
      return { ...rest, names: data.map(({ name }) => name).join('') };
    };

    const first = await list('ascending');
    expect(first).toMatchObject({ names: 'abc', done: false });
    const second = await list('ascending', first.iterator);
    expect(second).toMatchObject({ names: 'd', done: true });
    expect(await list('ascending', second.prevIterator)).toMatchObject({ names: 'abc', done: true });
    expect(await list('descending')).toMatchObject({ names: 'dcb', done: false });
    expect(await list('descending', first.prevIterator!.slice(1))).toMatchObject({ names: '', done: true, iterator: null });
  });

  it('reads its list from an index, in the order that is shown', async () => {
    const plan = await db.sql.transaction(async (run) => {
      await run('SET LOCAL enable_seqscan = off');
      return run(
        `EXPLAIN SELECT id FROM application WHERE organization_id = 'org_1' AND deleted_at IS NULL AND NOT operational AND id < '~' ORDER BY id DESC LIMIT 51`,
      );
    });
    expect(JSON.stringify(plan)).toMatch(/application_list/);
    expect(JSON.stringify(plan)).not.toMatch(/Sort/);
  });
});
