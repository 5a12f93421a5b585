import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { emailHash } from '../domain/email-address';
import { PasswordHasher } from '../domain/password-hasher';
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
  ) {}

  async execute({ email, password }: VerifyCredentials): Promise<{ readonly userId: string }> {
    const user = await this.users.findByEmailHash(emailHash(this.lookup, email));
    const matches = await this.passwords.verify(password, user?.passwordHash ?? null);
    if (!user || !matches) throw new InvalidCredentials();
    // Only now: without the password nobody learns that this address is registered.
    if (!user.emailVerifiedAt) throw new EmailNotVerified();
    return { userId: user.id };
  }
}
