import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { GetUser } from '../../users';
import { HasOpenInvitation } from '../queries/has-open-invitation';
import { Member } from '../domain/member';
import { MemberRepository } from '../domain/member.repository';
import { Organization } from '../domain/organization';
import { OrganizationRepository } from '../domain/organization.repository';

/** Gives a new user an organization of their own, unless they have it, or somebody expects them in theirs. */
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
    const { name, email } = await this.queries.execute(new GetUser(userId));
    if (await this.queries.execute(new HasOpenInvitation(email))) return;
    const now = this.clock.now();
    const organization = Organization.foundFirst(newId('org'), { userId, name }, now);
    const owner = Member.own(newId('mem'), { organizationId: organization.id, userId }, now);
    await this.uow.run(async () => {
      await this.organizations.save(organization);
      await this.members.save(owner);
    });
  }
}
