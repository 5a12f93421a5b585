import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { InvitationCreated, InvitationResent } from '../../organizations';
import { SendInvitationMail } from '../commands/send-invitation-mail';

@Observer('notifications.invitation-mail', InvitationCreated, InvitationResent)
export class InvitationMailObserver extends EventObserver<{ invitationId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<{ invitationId: string }>): Promise<void> {
    await this.commands.execute(new SendInvitationMail(payload.invitationId));
  }
}
