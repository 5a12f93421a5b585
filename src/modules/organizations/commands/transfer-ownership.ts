import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { MemberRepository } from '../domain/member.repository';

/** Makes a member the owner, and the owner an admin. */
export class TransferOwnership extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly heirUserId: string,
  ) {
    super();
  }
}

@CommandHandler(TransferOwnership)
export class TransferOwnershipHandler implements ICommandHandler<TransferOwnership> {
  constructor(
    private readonly members: MemberRepository,
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, heirUserId }: TransferOwnership): Promise<void> {
    const [owner, heir] = await Promise.all([this.members.findOwner(organizationId), this.members.find(organizationId, heirUserId)]);
    if (!owner || !heir) throw new EntityNotFound();
    if (owner.id === heir.id) return;
    owner.handOverTo(heir, this.clock.now());
    await this.uow.run(async () => {
      await this.members.save(owner);
      await this.members.save(heir);
    });
  }
}
