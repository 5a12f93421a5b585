import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { EmailChangeRequested } from '../../users';
import { SendEmailChangeMail } from '../commands/send-email-change-mail';

/** Apart from the mail to the other address: a failure of one does not repeat the other. */
@Observer('notifications.email-change-old-mail', EmailChangeRequested)
export class EmailChangeOldMailObserver extends EventObserver<{ userId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<{ userId: string }>): Promise<void> {
    await this.commands.execute(new SendEmailChangeMail(payload.userId, 'old'));
  }
}
