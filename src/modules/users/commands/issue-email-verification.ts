import { randomBytes, randomInt } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { EmailVerification, type VerificationSecrets } from '../domain/email-verification';
import { EmailVerificationRepository } from '../domain/email-verification.repository';
import { UserNotFound } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';
import { codeHash, verificationTokenHash } from '../domain/verification-secrets';

export type IssuedEmailVerification = { readonly email: string; readonly name: string; readonly token: string; readonly code: string };

/** Makes a link token and a code, replacing those issued before. Only hashes are stored. Null when the address is verified already. */
export class IssueEmailVerification extends Command<IssuedEmailVerification | null> {
  constructor(readonly userId: string) {
    super();
  }
}

@CommandHandler(IssueEmailVerification)
export class IssueEmailVerificationHandler implements ICommandHandler<IssueEmailVerification> {
  constructor(
    private readonly users: UserRepository,
    private readonly verifications: EmailVerificationRepository,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: IssueEmailVerification): Promise<IssuedEmailVerification | null> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    if (user.emailVerifiedAt) return null;

    const token = randomBytes(32).toString('base64url');
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    await this.store(userId, {
      tokenHash: verificationTokenHash(this.lookup, token),
      codeHash: codeHash(this.lookup, userId, code),
      registeredAt: user.registeredAt,
    });
    return { email: user.email, name: user.name, token, code };
  }

  private async store(userId: string, secrets: VerificationSecrets): Promise<void> {
    const now = this.clock.now();
    const verification = await this.verifications.findByUser(userId);
    verification?.reissue(secrets, now);
    await this.verifications.save(verification ?? EmailVerification.issue(newId('ver'), userId, secrets, now));
  }
}
