import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { GetUser } from '../../users';
import { Member } from '../domain/member';
import { MemberRepository } from '../domain/member.repository';
import { Organization } from '../domain/organization';
import { OrganizationRepository } from '../domain/organization.repository';

/** Gives a new user an organization of their own. Does nothing when they have it. */
export class FoundFirstOrganization extends Command<void> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(FoundFirstOrganization)
export class FoundFirstOrganizationHandler implements ICommandHandler<FoundFirstOrganization> {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
    private readonly queries: QueryBus,
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: FoundFirstOrganization): Promise<void> {
    if (await this.organizations.findByFounder(userId)) return;
    const { name } = await this.queries.execute(new GetUser(userId));
    const now = this.clock.now();
    const organization = Organization.foundFirst(newId('org'), { userId, name }, now);
    const owner = Member.join(newId('mem'), { organizationId: organization.id, userId, role: 'owner' }, now);
    await this.uow.run(async () => {
      await this.organizations.save(organization);
      await this.members.save(owner);
    });
  }
}
