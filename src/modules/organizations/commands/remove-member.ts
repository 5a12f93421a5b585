import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { MemberRepository } from '../domain/member.repository';

/** By an admin, or by the member who leaves. */
export class RemoveMember extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly userId: string,
  ) {
    super();
  }
}

@CommandHandler(RemoveMember)
export class RemoveMemberHandler implements ICommandHandler<RemoveMember> {
  constructor(private readonly members: MemberRepository) {}

  async execute({ organizationId, userId }: RemoveMember): Promise<void> {
    const member = await this.members.find(organizationId, userId);
    if (!member) throw new EntityNotFound();
    member.leave();
    await this.members.remove(member);
  }
}
