import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { Member } from '../domain/member';
import { MemberRepository } from '../domain/member.repository';
import { Organization } from '../domain/organization';
import { OrganizationRepository } from '../domain/organization.repository';

/** The founder becomes its owner. */
export class CreateOrganization extends Command<{ readonly organizationId: string }> {
  constructor(
    readonly name: string,
    readonly userId: string,
  ) {
    super();
  }
}

@CommandHandler(CreateOrganization)
export class CreateOrganizationHandler implements ICommandHandler<CreateOrganization> {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ name, userId }: CreateOrganization): Promise<{ readonly organizationId: string }> {
    const now = this.clock.now();
    const organization = Organization.found(newId('org'), { userId, name }, now);
    await this.uow.run(async () => {
      await this.organizations.save(organization);
      await this.members.save(Member.own(newId('mem'), { organizationId: organization.id, userId }, now));
    });
    return { organizationId: organization.id };
  }
}
