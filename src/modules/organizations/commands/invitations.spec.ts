import type { QueryBus } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { FindUserByEmail, GetUser } from '../../users';
import { AlreadyInvited, AlreadyMember, InvitationInvalid } from '../domain/organization.errors';
import { aMember, anOrganization, daysLater, NOW } from '../testing/builders';
import { InMemoryInvitationRepository } from '../testing/in-memory-invitation.repository';
import { InMemoryMemberRepository } from '../testing/in-memory-member.repository';
import { InMemoryOrganizationRepository } from '../testing/in-memory-organization.repository';
import { AcceptInvitation, AcceptInvitationHandler } from './accept-invitation';
import { CreateInvitation, CreateInvitationHandler } from './create-invitation';
import { IssueInvitation, IssueInvitationHandler } from './issue-invitation';

const BOB = { id: 'user_bob', name: 'Bob', email: 'bob@example.com', emailVerified: true, createdAt: NOW };

describe('invitations', () => {
  let organizations: InMemoryOrganizationRepository;
  let members: InMemoryMemberRepository;
  let invitations: InMemoryInvitationRepository;
  let organizationId: string;
  let bob: typeof BOB;

  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const uow = new ImmediateUnitOfWork();
  const queries = {
    execute: async (query: object) => {
      if (query instanceof GetUser) return bob;
      if (query instanceof FindUserByEmail) return query.email === bob.email ? { id: bob.id } : null;
      return [];
    },
  } as unknown as QueryBus;

  beforeEach(async () => {
    [organizations, members, invitations] = [
      new InMemoryOrganizationRepository(),
      new InMemoryMemberRepository(),
      new InMemoryInvitationRepository(),
    ];
    bob = BOB;
    const organization = anOrganization();
    await organizations.save(organization);
    organizationId = organization.id;
  });

  const invite = async (email = 'Bob@Example.com', at = NOW) =>
    (
      await new CreateInvitationHandler(invitations, members, queries, uow, lookup, new FixedClock(at)).execute(
        new CreateInvitation(organizationId, email, 'developer', 'user_ann'),
      )
    ).invitationId;
  const issue = (invitationId: string, at = NOW) =>
    new IssueInvitationHandler(invitations, organizations, queries, lookup, new FixedClock(at)).execute(new IssueInvitation(invitationId));
  const accept = (token: string, at = NOW) =>
    new AcceptInvitationHandler(invitations, organizations, members, queries, uow, lookup, new FixedClock(at)).execute(
      new AcceptInvitation(token, bob.id),
    );
  const close = async () => {
    const organization = (await organizations.find(organizationId))!;
    organization.close(7, NOW);
    await organizations.save(organization);
  };

  it('lead into the organization, once', async () => {
    const { token, email } = (await issue(await invite()))!;
    expect(email).toBe('bob@example.com');
    expect(await accept(token)).toEqual({ organizationId });
    expect(await members.find(organizationId, bob.id)).toMatchObject({ role: 'developer' });
    await expect(accept(token)).rejects.toThrow(InvitationInvalid);
  });

  it('are good for the newest link only', async () => {
    const invitationId = await invite();
    const [first, second] = [(await issue(invitationId))!.token, (await issue(invitationId))!.token];
    await expect(accept(first)).rejects.toThrow(InvitationInvalid);
    expect(await accept(second)).toEqual({ organizationId });
  });

  it('are for one address, proven by its owner', async () => {
    const { token } = (await issue(await invite('eve@example.com')))!;
    await expect(accept(token)).rejects.toThrow(InvitationInvalid);
    const { token: mine } = (await issue(await invite()))!;
    bob = { ...BOB, emailVerified: false };
    await expect(accept(mine)).rejects.toThrow(InvitationInvalid);
  });

  it('end after seven days, and make room for another', async () => {
    const invitationId = await invite();
    const { token } = (await issue(invitationId))!;
    await expect(accept(token, daysLater(7))).rejects.toThrow(InvitationInvalid);
    expect(await issue(invitationId, daysLater(7))).toBeNull();
    await expect(invite('bob@example.com', daysLater(6))).rejects.toThrow(AlreadyInvited);
    expect(await invite('bob@example.com', daysLater(7))).not.toBe(invitationId);
    expect(await invitations.findById(invitationId)).toBeNull();
  });

  it('lead nowhere while the organization is closed', async () => {
    const invitationId = await invite();
    const { token } = (await issue(invitationId))!;
    await close();
    expect(await issue(invitationId)).toBeNull();
    await expect(accept(token)).rejects.toThrow(InvitationInvalid);
  });

  it('are not made for members', async () => {
    await members.save(aMember({ organizationId, userId: bob.id }));
    await expect(invite()).rejects.toThrow(AlreadyMember);
  });
});
