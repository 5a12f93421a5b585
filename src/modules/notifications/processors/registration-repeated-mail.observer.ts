import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { UserRegistrationRepeated } from '../../users';
import { SendRegistrationRepeatedMail } from '../commands/send-registration-repeated-mail';

@Observer('notifications.registration-repeated-mail', UserRegistrationRepeated)
export class RegistrationRepeatedMailObserver extends EventObserver<{ userId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ payload }: ObservedEvent<{ userId: string }>): Promise<void> {
    await this.commands.execute(new SendRegistrationRepeatedMail(payload.userId));
  }
}
