import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Clock } from '../../../platform/time/clock';
import type { EmailSide } from '../domain/email-change';
import { EmailChangeRepository } from '../domain/email-change.repository';
import { EmailChangeFailed, EmailTaken } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';
import { emailChangeTokenHash } from '../domain/verification-secrets';

export type EmailChangeProgress = { readonly confirmed: EmailSide; readonly changed: boolean };

export class ConfirmEmailChange extends Command<EmailChangeProgress> {
  /** @param alongside what else happens in the transaction in which the address changes, given the id of the user */
  constructor(
    readonly token: string,
    readonly alongside: (userId: string) => Promise<void>,
  ) {
    super();
  }
}

@CommandHandler(ConfirmEmailChange)
export class ConfirmEmailChangeHandler implements ICommandHandler<ConfirmEmailChange> {
  constructor(
    private readonly users: UserRepository,
    private readonly changes: EmailChangeRepository,
    private readonly uow: UnitOfWork,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ token, alongside }: ConfirmEmailChange): Promise<EmailChangeProgress> {
    const tokenHash = emailChangeTokenHash(this.lookup, token);
    const change = await this.changes.findByTokenHash(tokenHash);
    const user = change && (await this.users.findById(change.userId));
    if (!user) throw new EmailChangeFailed();
    const now = this.clock.now();
    const { confirmed, complete } = change.confirm(tokenHash, now);
    if (complete) user.changeEmail(change.newEmail, change.newEmailHash, now);
    await this.uow
      .run(async () => {
        await this.changes.save(change);
        if (!complete) return;
        await this.users.save(user);
        await alongside(user.id);
      })
      .catch((error: unknown) => {
        // Registered by its owner meanwhile, which is nobody else's business.
        throw error instanceof EmailTaken ? new EmailChangeFailed() : error;
      });
    return { confirmed, changed: complete };
  }
}
