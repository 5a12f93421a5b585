import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { emailHash } from '../domain/email-address';
import { UserRepository } from '../domain/user.repository';
import { PasswordResetRequested } from '../users.events';

/** Answers nothing, and takes the same look-up and the same event for every address: the mail is sent later, to whom there is. */
export class RequestPasswordReset extends Command<void> {
  constructor(readonly email: string) {
    super();
  }
}

@CommandHandler(RequestPasswordReset)
export class RequestPasswordResetHandler implements ICommandHandler<RequestPasswordReset> {
  constructor(
    private readonly users: UserRepository,
    private readonly events: EventRecorder,
    private readonly lookup: LookupHash,
  ) {}

  async execute({ email }: RequestPasswordReset): Promise<void> {
    const user = await this.users.findByEmailHash(emailHash(this.lookup, email));
    await this.events.record(PasswordResetRequested({ userId: user?.id ?? null }), null);
  }
}
