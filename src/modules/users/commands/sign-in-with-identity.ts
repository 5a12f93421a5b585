import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { retryOnConflict } from '../../../platform/errors/retry-on-conflict';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { emailHash, isEmail, normalizeEmail } from '../domain/email-address';
import { User } from '../domain/user';
import { EmailNotVerifiedElsewhere, NoAccount } from '../domain/user.errors';
import { subjectHash, UserIdentity } from '../domain/user-identity';
import { UserIdentityRepository } from '../domain/user-identity.repository';
import { UserRepository } from '../domain/user.repository';

/** Who somebody is at a provider that the operator trusts. */
export type Identity = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
};

/** Finds the person by their identity, else by the address that the provider verified, else makes an account if they are `welcome`. */
export class SignInWithIdentity extends Command<{ readonly userId: string }> {
  constructor(
    readonly identity: Identity,
    readonly welcome: boolean,
  ) {
    super();
  }
}

const MAX_NAME = 100;

@CommandHandler(SignInWithIdentity)
export class SignInWithIdentityHandler implements ICommandHandler<SignInWithIdentity> {
  constructor(
    private readonly users: UserRepository,
    private readonly identities: UserIdentityRepository,
    private readonly uow: UnitOfWork,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  execute(command: SignInWithIdentity): Promise<{ readonly userId: string }> {
    // Two first sign-ins at once: the second one finds what the first one made.
    return retryOnConflict(() => this.find(command));
  }

  private async find({ identity, welcome }: SignInWithIdentity): Promise<{ readonly userId: string }> {
    const hash = subjectHash(this.lookup, identity.issuer, identity.subject);
    const linked = await this.identities.findBySubjectHash(hash);
    if (linked) return { userId: linked.userId };
    const user = await this.byEmail(identity, welcome);
    await this.uow.run(async () => {
      await this.users.save(user);
      await this.identities.save(UserIdentity.link(newId('idn'), user.id, hash, this.clock.now()));
    });
    return { userId: user.id };
  }

  private async byEmail({ email, emailVerified, name }: Identity, welcome: boolean): Promise<User> {
    // An address that nobody verified would let anybody in who claims it.
    if (email === null || !emailVerified || !isEmail(email)) throw new EmailNotVerifiedElsewhere();
    const now = this.clock.now();
    const hash = emailHash(this.lookup, email);
    const known = await this.users.findByEmailHash(hash);
    if (!known && !welcome) throw new NoAccount();
    const user =
      known ??
      User.register(newId('user'), { name: nameOf(name, email), email: normalizeEmail(email), emailHash: hash, passwordHash: null }, now);
    user.proveEmailElsewhere(now);
    return user;
  }
}

/** As a form would have taken it. */
function nameOf(name: string | null, email: string): string {
  const clean = (name ?? '').replace(/[\p{Cc}\p{Cs}]/gu, '').trim();
  return (clean === '' ? normalizeEmail(email) : clean).slice(0, MAX_NAME).trim();
}
