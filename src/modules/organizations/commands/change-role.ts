import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { MemberRepository } from '../domain/member.repository';

/** Effective everywhere as soon as the guards' memory of the old role ends. */
export class ChangeRole extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly userId: string,
    readonly role: 'admin' | 'developer' | 'viewer',
  ) {
    super();
  }
}

@CommandHandler(ChangeRole)
export class ChangeRoleHandler implements ICommandHandler<ChangeRole> {
  constructor(
    private readonly members: MemberRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, userId, role }: ChangeRole): Promise<void> {
    const member = await this.members.find(organizationId, userId);
    if (!member) throw new EntityNotFound();
    member.changeRole(role, this.clock.now());
    await this.members.save(member);
  }
}
