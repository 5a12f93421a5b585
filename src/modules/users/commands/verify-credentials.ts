import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { Clock } from '../../../platform/time/clock';
import { emailHash } from '../domain/email-address';
import { PasswordHasher } from '../domain/password-hasher';
import { SecondFactorRepository } from '../domain/second-factor.repository';
import type { User } from '../domain/user';
import { EmailNotVerified, InvalidCredentials, SecondFactorRequired, WrongCode } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';
import { SecondFactorCheck } from './second-factor-check';

export class VerifyCredentials extends Command<{ readonly userId: string }> {
  constructor(
    readonly email: string,
    readonly password: string,
    readonly code: string | null,
  ) {
    super();
  }
}

@CommandHandler(VerifyCredentials)
export class VerifyCredentialsHandler implements ICommandHandler<VerifyCredentials> {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly factors: SecondFactorRepository,
    private readonly secondFactor: SecondFactorCheck,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ email, password, code }: VerifyCredentials): Promise<{ readonly userId: string }> {
    const user = await this.users.findByEmailHash(emailHash(this.lookup, email));
    const matches = await this.passwords.verify(password, user?.passwordHash ?? null);
    if (!user || !matches || user.erasureRequestedAt) throw new InvalidCredentials();
    // Only now: without the password nobody learns that this address is registered.
    if (!user.emailVerifiedAt) throw new EmailNotVerified();
    await this.useSecondFactor(user.id, code);
    await this.renewHash(user, password);
    return { userId: user.id };
  }

  private async useSecondFactor(userId: string, code: string | null): Promise<void> {
    const factor = await this.factors.findByUser(userId);
    if (!factor?.confirmedAt) return;
    if (code === null) throw new SecondFactorRequired();
    try {
      this.secondFactor.use(factor, code);
      await this.factors.save(factor);
    } catch (error) {
      // Used twice at once: the other one has it.
      throw error instanceof WrongCode || error instanceof ConcurrentChange ? new InvalidCredentials() : error;
    }
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
