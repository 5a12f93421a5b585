import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { UserRegistered } from '../../users';
import { SendVerificationMail } from '../commands/send-verification-mail';

@Observer('notifications.verification-mail', UserRegistered)
export class VerificationMailObserver extends EventObserver<{ userId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<{ userId: string }>): Promise<void> {
    await this.commands.execute(new SendVerificationMail(payload.userId));
  }
}
