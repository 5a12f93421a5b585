import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { SessionReuseDetected } from '../../auth';
import { OwnershipTransferred } from '../../organizations';
import {
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SecondFactorDisabled,
  SecondFactorEnabled,
  UserEmailChanged,
  UserPasswordChanged,
  UserPasswordReset,
} from '../../users';
import { SendNotice } from '../commands/send-notice';

@Observer(
  'notifications.notice',
  UserPasswordChanged,
  UserPasswordReset,
  UserEmailChanged,
  SecondFactorEnabled,
  SecondFactorDisabled,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SessionReuseDetected,
  OwnershipTransferred,
)
export class NoticeObserver extends EventObserver<{ userId: string }> {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ type, payload }: ObservedEvent<{ userId: string }>): Promise<void> {
    await this.commands.execute(new SendNotice(payload.userId, type));
  }
}
