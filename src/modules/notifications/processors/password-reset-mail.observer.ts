import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { PasswordResetRequested } from '../../users';
import { SendPasswordResetMail } from '../commands/send-password-reset-mail';

@Observer('notifications.password-reset-mail', PasswordResetRequested)
export class PasswordResetMailObserver extends EventObserver<{ userId: string | null }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<{ userId: string | null }>): Promise<void> {
    if (payload.userId !== null) await this.commands.execute(new SendPasswordResetMail(payload.userId));
  }
}
