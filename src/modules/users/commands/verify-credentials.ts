import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { emailHash } from '../domain/email-address';
import { PasswordHasher } from '../domain/password-hasher';
import type { User } from '../domain/user';
import { EmailNotVerified, InvalidCredentials } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

export class VerifyCredentials extends Command<{ readonly userId: string }> {
  constructor(
    readonly email: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(VerifyCredentials)
export class VerifyCredentialsHandler implements ICommandHandler<VerifyCredentials> {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ email, password }: VerifyCredentials): Promise<{ readonly userId: string }> {
    const user = await this.users.findByEmailHash(emailHash(this.lookup, email));
    const matches = await this.passwords.verify(password, user?.passwordHash ?? null);
    if (!user || !matches) throw new InvalidCredentials();
    // Only now: without the password nobody learns that this address is registered.
    if (!user.emailVerifiedAt) throw new EmailNotVerified();
    await this.renewHash(user, password);
    return { userId: user.id };
  }

  /** The parameters of hashing change with the years; the password is at hand now and never again. */
  private async renewHash(user: User, password: string): Promise<void> {
    if (user.passwordHash === null || !this.passwords.needsRehash(user.passwordHash)) return;
    user.rehash(await this.passwords.hash(password), this.clock.now());
    await this.users.save(user).catch((error: unknown) => {
      if (!(error instanceof ConcurrentChange)) throw error; // Signed in twice at once: the other one renews it.
    });
  }
}
