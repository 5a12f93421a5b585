import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { newId } from '../../../../platform/ids/id';
import { Endpoint } from '../domain/endpoint';
import { anEndpoint, KEY } from '../testing/builders';
import { endpointRepositoryContract, type Owner } from '../testing/endpoint-repository.contract';
import { TypeOrmEndpointRepository } from './typeorm-endpoint.repository';

describe('endpoints in PostgreSQL', () => {
  let db: TestStore;
  let endpoints: TypeOrmEndpointRepository;

  beforeAll(async () => {
    db = await openTestStore(Endpoint);
    endpoints = new TypeOrmEndpointRepository(db.store, db.uow, db.outbox);
  });
  afterAll(() => db.close());

  const newOwner = async (): Promise<Owner> => {
    const owner = { organizationId: newId('org'), applicationId: newId('app') };
    await db.sql.run(
      `INSERT INTO application (id, organization_id, name, metadata, version, created_at, updated_at) VALUES ($1, $2, '', '', 1, now(), now())`,
      [owner.applicationId, owner.organizationId],
    );
    return owner;
  };

  endpointRepositoryContract(() => endpoints, newOwner);

  it('leaves nothing to read in the database', async () => {
    const endpoint = anEndpoint(await newOwner(), {
      url: 'https://persephone.example.com/',
      description: 'Persephone',
      metadata: { a: 'Persephone' },
    });
    await endpoints.save(endpoint);
    const [row] = await db.sql.run<{ dump: string }>('SELECT e::text AS dump FROM endpoint e WHERE id = $1', [endpoint.id]);
    for (const secret of ['ersephone', KEY, 'X-Tenant']) expect(row!.dump).not.toContain(Buffer.from(secret).toString('hex'));
  });

  it('tells of each that it deletes with others', async () => {
    const owner = await newOwner();
    const ids = [anEndpoint(owner), anEndpoint(owner)].map((endpoint) => endpoints.save(endpoint).then(() => endpoint.id));
    const endpointIds = (await Promise.all(ids)).sort();
    await endpoints.deleteSome(owner.organizationId, owner.applicationId, new Date(), 10);
    const told = await db.sql.run(
      `SELECT payload FROM outbox_event WHERE type = 'endpoint.deleted' AND organization_id = $1 ORDER BY payload ->> 'endpointId' COLLATE "C"`,
      [owner.organizationId],
    );
    expect(told).toEqual(endpointIds.map((endpointId) => ({ payload: { applicationId: owner.applicationId, endpointId } })));
  });

  it('reads its list from an index, in the order that is shown', async () => {
    const plan = await db.sql.transaction(async (run) => {
      await run('SET LOCAL enable_seqscan = off');
      return run(
        `EXPLAIN SELECT id FROM endpoint WHERE organization_id = 'org_1' AND application_id = 'app_1' AND deleted_at IS NULL AND id < '~' ORDER BY id DESC LIMIT 51`,
      );
    });
    expect(JSON.stringify(plan)).toMatch(/endpoint_list/);
    expect(JSON.stringify(plan)).not.toMatch(/Sort/);
  });
});
