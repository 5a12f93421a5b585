import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { PasswordReset } from '../domain/password-reset';
import { PasswordResetRepository } from '../domain/password-reset.repository';
import { UserRepository } from '../domain/user.repository';
import { resetTokenHash } from '../domain/verification-secrets';

export type IssuedPasswordReset = { readonly email: string; readonly name: string; readonly token: string };

/** Makes the token of a link, replacing the one issued before. Only its hash is stored. Null when the user is gone, or about to be. */
export class IssuePasswordReset extends Command<IssuedPasswordReset | null> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(IssuePasswordReset)
export class IssuePasswordResetHandler implements ICommandHandler<IssuePasswordReset> {
  constructor(
    private readonly users: UserRepository,
    private readonly resets: PasswordResetRepository,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: IssuePasswordReset): Promise<IssuedPasswordReset | null> {
    const user = await this.users.findById(userId);
    if (!user || user.erasureRequestedAt) return null;
    const token = randomBytes(32).toString('base64url');
    const [hash, now] = [resetTokenHash(this.lookup, token), this.clock.now()];
    const reset = await this.resets.findByUser(userId);
    reset?.reissue(user, hash, now);
    await this.resets.save(reset ?? PasswordReset.issue(newId('reset'), user, hash, now));
    return { email: user.email, name: user.name, token };
  }
}
