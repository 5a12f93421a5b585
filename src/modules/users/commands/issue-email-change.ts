import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { retryOnConflict } from '../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../platform/time/clock';
import type { EmailSide } from '../domain/email-change';
import { EmailChangeRepository } from '../domain/email-change.repository';
import { UserRepository } from '../domain/user.repository';
import { emailChangeTokenHash } from '../domain/verification-secrets';

export type IssuedEmailChange = { readonly email: string; readonly name: string; readonly token: string };
/** Somebody else has the new address. Its owner is told; the one who asked is not. */
export type TakenEmail = { readonly email: string; readonly name: string; readonly token: null };

/** Makes the token for the mail to one of the two addresses, replacing the one issued before. Null when the change is over. */
export class IssueEmailChange extends Command<IssuedEmailChange | TakenEmail | null> {
  constructor(
    readonly userId: string,
    readonly side: EmailSide,
  ) {
    super();
  }
}

@CommandHandler(IssueEmailChange)
export class IssueEmailChangeHandler implements ICommandHandler<IssueEmailChange> {
  constructor(
    private readonly users: UserRepository,
    private readonly changes: EmailChangeRepository,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  /** The mails to the two addresses are written side by side. */
  execute({ userId, side }: IssueEmailChange): Promise<IssuedEmailChange | TakenEmail | null> {
    return retryOnConflict(() => this.issue(userId, side));
  }

  private async issue(userId: string, side: EmailSide): Promise<IssuedEmailChange | TakenEmail | null> {
    const [user, change] = [await this.users.findById(userId), await this.changes.findByUser(userId)];
    const now = this.clock.now();
    if (!user || !change?.isOpen(now)) return null;
    const owner = side === 'new' ? await this.users.findByEmailHash(change.newEmailHash) : null;
    if (owner) return { email: owner.email, name: owner.name, token: null };
    const token = randomBytes(32).toString('base64url');
    change.issue(side, emailChangeTokenHash(this.lookup, token), now);
    await this.changes.save(change);
    return { email: side === 'old' ? user.email : change.newEmail, name: user.name, token };
  }
}
