import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Clock } from '../../../platform/time/clock';
import { emailHash } from '../domain/email-address';
import type { EmailVerification } from '../domain/email-verification';
import { EmailVerificationRepository } from '../domain/email-verification.repository';
import { VerificationFailed } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';
import { codeHash, verificationTokenHash } from '../domain/verification-secrets';

export type EmailProof = { readonly token: string } | { readonly email: string; readonly code: string };

export class VerifyEmail extends Command<{ readonly userId: string }> {
  constructor(readonly proof: EmailProof) {
    super();
  }
}

@CommandHandler(VerifyEmail)
export class VerifyEmailHandler implements ICommandHandler<VerifyEmail> {
  constructor(
    private readonly users: UserRepository,
    private readonly verifications: EmailVerificationRepository,
    private readonly uow: UnitOfWork,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ proof }: VerifyEmail): Promise<{ readonly userId: string }> {
    const verification = 'token' in proof ? await this.byToken(proof.token) : await this.byCode(proof.email, proof.code);
    const user = verification && (await this.users.findById(verification.userId));
    // Confirmed by other means, too, the proof has had its day: it signs in, and does not ask for a second factor.
    if (!user || user.emailVerifiedAt || user.erasureRequestedAt) throw new VerificationFailed();
    const now = this.clock.now();
    verification.use(user.registeredAt, now);
    user.verifyEmail(now);
    await this.uow.run(async () => {
      await this.verifications.save(verification);
      await this.users.save(user);
    });
    return { userId: user.id };
  }

  private byToken(token: string): Promise<EmailVerification | null> {
    return this.verifications.findByTokenHash(verificationTokenHash(this.lookup, token));
  }

  private async byCode(email: string, code: string): Promise<EmailVerification | null> {
    const user = await this.users.findByEmailHash(emailHash(this.lookup, email));
    const verification = user && (await this.verifications.findByUser(user.id));
    if (!verification) return null;
    verification.spendCodeAttempt(this.clock.now());
    await this.verifications.save(verification);
    return verification.codeHash.equals(codeHash(this.lookup, user.id, code)) ? verification : null;
  }
}
