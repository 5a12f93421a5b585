import { openTestStore, type TestStore } from '../../../../test/support/store';
import { newId } from '../../../platform/ids/id';
import { Invitation } from '../domain/invitation';
import { Member } from '../domain/member';
import { Organization } from '../domain/organization';
import { GetMemberships, GetMembershipsHandler } from '../queries/get-memberships';
import { IsOrganizationOpen, IsOrganizationOpenHandler } from '../queries/is-organization-open';
import { ListAdministrators, ListAdministratorsHandler } from '../queries/list-administrators';
import { ListOrganizationsOfUser, ListOrganizationsOfUserHandler } from '../queries/list-organizations-of-user';
import { aMember, anInvitation, anOrganization, anOwner, NOW } from '../testing/builders';
import { invitationRepositoryContract } from '../testing/invitation-repository.contract';
import { memberRepositoryContract } from '../testing/member-repository.contract';
import { organizationRepositoryContract } from '../testing/organization-repository.contract';
import { TypeOrmInvitationRepository } from './typeorm-invitation.repository';
import { TypeOrmMemberRepository } from './typeorm-member.repository';
import { TypeOrmOrganizationRepository } from './typeorm-organization.repository';

describe('organizations in PostgreSQL', () => {
  let db: TestStore;
  let organizations: TypeOrmOrganizationRepository;
  let members: TypeOrmMemberRepository;
  let invitations: TypeOrmInvitationRepository;

  beforeAll(async () => {
    db = await openTestStore(Organization, Member, Invitation);
    organizations = new TypeOrmOrganizationRepository(db.store);
    members = new TypeOrmMemberRepository(db.store);
    invitations = new TypeOrmInvitationRepository(db.store);
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

  describe('TypeOrmInvitationRepository', () => {
    invitationRepositoryContract(() => invitations, tenant);

    it('stores no address in the clear', async () => {
      const invitation = anInvitation({ organizationId: await tenant(), email: 'persephone@example.com' });
      await invitations.save(invitation);
      const [row] = await db.sql.run<{ dump: string }>('SELECT i::text AS dump FROM invitation i WHERE id = $1', [invitation.id]);
      expect(row!.dump).not.toMatch(/persephone|70657273/i);
    });
  });

  it('lists the organizations of a user, first joined first', async () => {
    const userId = newId('user');
    const [first, second] = [await tenant('Ann'), await tenant('Bob')];
    await members.save(anOwner({ organizationId: first, userId }));
    await members.save(aMember({ organizationId: second, userId }));
    await members.save(aMember({ organizationId: second }));
    expect(await new ListOrganizationsOfUserHandler(db.sql, db.cipher).execute(new ListOrganizationsOfUser(userId))).toEqual([
      { id: first, name: "Ann's organization", role: 'owner' },
      { id: second, name: "Bob's organization", role: 'viewer' },
    ]);
  });

  it('tells the memberships of a user, and which of them are closed', async () => {
    const userId = newId('user');
    const [first, second] = [await tenant(), await tenant()];
    await members.save(aMember({ organizationId: first, userId }));
    await members.save(aMember({ organizationId: second, userId, role: 'admin' }));
    const isOpen = (id: string) => new IsOrganizationOpenHandler(db.sql).execute(new IsOrganizationOpen(id));
    expect([await isOpen(first), await isOpen(second), await isOpen('org_unknown')]).toEqual([true, true, false]);

    const closing = (await organizations.find(second))!;
    closing.close(7, NOW);
    await organizations.save(closing);
    expect(await new GetMembershipsHandler(db.sql).execute(new GetMemberships(userId))).toEqual([
      { organizationId: first, role: 'viewer', closed: false },
      { organizationId: second, role: 'admin', closed: true },
    ]);
    expect(await isOpen(second)).toBe(false);
  });

  it('tells who looks after an organization, until it is closed', async () => {
    const organizationId = await tenant();
    const [owner, admin] = [newId('user'), newId('user')];
    await members.save(anOwner({ organizationId, userId: owner }));
    await members.save(aMember({ organizationId, userId: admin, role: 'admin' }));
    await members.save(aMember({ organizationId, userId: newId('user'), role: 'developer' }));
    const found = () => new ListAdministratorsHandler(db.sql).execute(new ListAdministrators(organizationId));
    expect(await found()).toEqual([owner, admin].sort());
    const closing = (await organizations.find(organizationId))!;
    closing.close(7, NOW);
    await organizations.save(closing);
    expect(await found()).toEqual([]);
  });

  it('finds nothing for who belongs to none', async () => {
    expect(await new ListOrganizationsOfUserHandler(db.sql, db.cipher).execute(new ListOrganizationsOfUser('user_unknown'))).toEqual([]);
    expect(await new GetMembershipsHandler(db.sql).execute(new GetMemberships('user_unknown'))).toEqual([]);
  });

  it('takes members and invitations of an organization along', async () => {
    const organizationId = await tenant();
    const [member, invitation] = [aMember({ organizationId }), anInvitation({ organizationId })];
    await members.save(member);
    await invitations.save(invitation);
    await organizations.remove((await organizations.find(organizationId))!);
    expect(await members.find(organizationId, member.userId)).toBeNull();
    expect(await invitations.findById(invitation.id)).toBeNull();
  });
});
