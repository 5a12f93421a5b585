import { type QueryBus } from '@nestjs/cqrs';
import { GetUser } from '../../users';
import { FixedClock } from '../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../platform/testing/immediate-unit-of-work';
import { OrganizationCreated } from '../organizations.events';
import { NOW } from '../testing/builders';
import { InMemoryMemberRepository } from '../testing/in-memory-member.repository';
import { InMemoryOrganizationRepository } from '../testing/in-memory-organization.repository';
import { FoundFirstOrganization, FoundFirstOrganizationHandler } from './found-first-organization';

describe('FoundFirstOrganization', () => {
  const organizations = new InMemoryOrganizationRepository();
  const members = new InMemoryMemberRepository();
  let invited = false;
  const queries = {
    execute: async (query: object) => (query instanceof GetUser ? { name: 'Ann', email: 'ann@example.com' } : invited),
  } as unknown as QueryBus;
  const found = (userId: string) =>
    new FoundFirstOrganizationHandler(organizations, members, queries, new ImmediateUnitOfWork(), new FixedClock(NOW)).execute(
      new FoundFirstOrganization(userId),
    );

  it('makes an organization with its founder as owner, once however often the job is repeated', async () => {
    await found('user_1');
    await found('user_1');
    const organization = await organizations.findByFounder('user_1');
    expect(organization).toMatchObject({ name: "Ann's organization", organizationId: organization!.id, createdAt: NOW });
    expect(await members.find(organization!.id, 'user_1')).toMatchObject({ role: 'owner' });
    expect(organizations.events).toEqual([OrganizationCreated({ organizationId: organization!.id, userId: 'user_1' })]);
  });

  it('makes none for who is expected in another', async () => {
    invited = true;
    await found('user_2');
    expect(await organizations.findByFounder('user_2')).toBeNull();
  });
});
