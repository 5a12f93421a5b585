import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { InvalidField } from '../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../platform/errors/retry-on-conflict';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { emailHash, normalizeEmail } from '../domain/email-address';
import { EmailChange } from '../domain/email-change';
import { EmailChangeRepository } from '../domain/email-change.repository';
import { UserNotFound } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

/** Says nothing about whether the new address has an account: that is found out when its mail is written, and told to its owner. */
export class RequestEmailChange extends Command<void> {
  constructor(
    readonly userId: string,
    readonly email: string,
  ) {
    super();
  }
}

@CommandHandler(RequestEmailChange)
export class RequestEmailChangeHandler implements ICommandHandler<RequestEmailChange> {
  constructor(
    private readonly users: UserRepository,
    private readonly changes: EmailChangeRepository,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ userId, email }: RequestEmailChange): Promise<void> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    const to = { newEmail: normalizeEmail(email), newEmailHash: emailHash(this.lookup, email) };
    if (to.newEmailHash.equals(user.emailHash)) throw new InvalidField(['body', 'email'], 'is your address already');
    // The mails of an earlier request may be under way.
    await retryOnConflict(async () => {
      const [change, now] = [await this.changes.findByUser(userId), this.clock.now()];
      change?.requestAgain(to, now);
      await this.changes.save(change ?? EmailChange.request(newId('emch'), userId, to, now));
    });
  }
}
