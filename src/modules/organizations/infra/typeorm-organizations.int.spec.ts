import { openTestStore, type TestStore } from '../../../../test/support/store';
import { newId } from '../../../platform/ids/id';
import { Member } from '../domain/member';
import { Organization } from '../domain/organization';
import { GetMemberships, GetMembershipsHandler } from '../queries/get-memberships';
import { ListOrganizationsOfUser, ListOrganizationsOfUserHandler } from '../queries/list-organizations-of-user';
import { aMember, anOrganization } from '../testing/builders';
import { memberRepositoryContract } from '../testing/member-repository.contract';
import { organizationRepositoryContract } from '../testing/organization-repository.contract';
import { TypeOrmMemberRepository } from './typeorm-member.repository';
import { TypeOrmOrganizationRepository } from './typeorm-organization.repository';

describe('organizations in PostgreSQL', () => {
  let db: TestStore;
  let organizations: TypeOrmOrganizationRepository;
  let members: TypeOrmMemberRepository;

  beforeAll(async () => {
    db = await openTestStore(Organization, Member);
    organizations = new TypeOrmOrganizationRepository(db.store);
    members = new TypeOrmMemberRepository(db.store);
  });
  afterAll(() => db.close());

  const tenant = async (name?: string) => {
    const organization = anOrganization(name === undefined ? {} : { name });
    await organizations.save(organization);
    return organization.id;
  };

  describe('TypeOrmOrganizationRepository', () => {
    organizationRepositoryContract(() => organizations);

    it('encrypts the name with a key of the organization itself', async () => {
      const id = await tenant('Persephone');
      const [row] = await db.sql.run<{ dump: string; keys: string }>(
        'SELECT o::text AS dump, (SELECT count(*) FROM data_key WHERE scope = o.id) AS keys FROM organization o WHERE id = $1',
        [id],
      );
      expect(row).toMatchObject({ keys: '1' });
      expect(row!.dump).not.toMatch(/Persephone|50657273/i);
    });
  });

  describe('TypeOrmMemberRepository', () => {
    memberRepositoryContract(() => members, tenant);
  });

  it('lists the organizations of a user, first joined first, and acts for that one', async () => {
    const userId = newId('user');
    const [first, second] = [await tenant('Ann'), await tenant('Bob')];
    await members.save(aMember({ organizationId: first, userId, role: 'owner' }));
    await members.save(aMember({ organizationId: second, userId, role: 'viewer' }));
    await members.save(aMember({ organizationId: second }));
    expect(await new ListOrganizationsOfUserHandler(db.sql, db.cipher).execute(new ListOrganizationsOfUser(userId))).toEqual([
      { id: first, name: "Ann's organization", role: 'owner' },
      { id: second, name: "Bob's organization", role: 'viewer' },
    ]);
    expect(await new GetMembershipsHandler(db.sql).execute(new GetMemberships(userId))).toEqual([
      { organizationId: first, role: 'owner', closed: false },
      { organizationId: second, role: 'viewer', closed: false },
    ]);
  });

  it('finds nothing for who belongs to none', async () => {
    expect(await new ListOrganizationsOfUserHandler(db.sql, db.cipher).execute(new ListOrganizationsOfUser('user_unknown'))).toEqual([]);
    expect(await new GetMembershipsHandler(db.sql).execute(new GetMemberships('user_unknown'))).toEqual([]);
  });
});
