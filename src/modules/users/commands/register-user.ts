import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { ConcurrentChange } from '../../../platform/errors/domain-error';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { CommonPasswords } from '../domain/common-passwords';
import { emailHash, normalizeEmail } from '../domain/email-address';
import { mustBeHardToGuess } from '../domain/new-password';
import { PasswordHasher } from '../domain/password-hasher';
import { type Registration, User } from '../domain/user';
import { EmailTaken } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';
import { RegistrationRefused } from '../users.events';

/**
 * Answers nothing: the caller must not learn whether the address was known, or was expected. Who is not `welcome` costs the same work and
 * gets no account.
 */
export class RegisterUser extends Command<void> {
  constructor(
    readonly email: string,
    readonly password: string,
    readonly name: string,
    readonly welcome: boolean,
  ) {
    super();
  }
}

@CommandHandler(RegisterUser)
export class RegisterUserHandler implements ICommandHandler<RegisterUser> {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly common: CommonPasswords,
    private readonly events: EventRecorder,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ email, password, name, welcome }: RegisterUser): Promise<void> {
    await mustBeHardToGuess(password, email, this.common);
    const registration: Registration = {
      name: name.trim(),
      email: normalizeEmail(email),
      emailHash: emailHash(this.lookup, email),
      // Hashed for a known address as well, so that both take the same time.
      passwordHash: await this.passwords.hash(password),
    };
    if (!welcome) return this.events.record(RegistrationRefused({}), null);
    const known = await this.users.findByEmailHash(registration.emailHash);
    if (known) return this.registerAgain(known, registration);
    try {
      await this.users.save(User.register(newId('user'), registration, this.clock.now()));
    } catch (error) {
      const owner = error instanceof EmailTaken ? await this.users.findByEmailHash(registration.emailHash) : null;
      if (!owner) throw error;
      await this.registerAgain(owner, registration);
    }
  }

  private async registerAgain(user: User, registration: Registration): Promise<void> {
    user.registerAgain(registration, this.clock.now());
    await this.users.save(user).catch((error: unknown) => {
      // Another attempt reaches the owner at this moment; a conflict here would tell the caller that the address is known.
      if (!(error instanceof ConcurrentChange)) throw error;
    });
  }
}
