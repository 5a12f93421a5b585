import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type EmailProof, normalizeEmail, VerifyEmail } from '../../users';
import type { SessionTokens } from '../domain/session-tokens';
import { SignInThrottle } from '../domain/sign-in-throttle';
import { attemptOn } from './attempt';
import { OpenSession } from './open-session';

/** Who proves to own the address of an account is signed in. */
export class SignInByEmail extends Command<SessionTokens> {
  constructor(readonly proof: EmailProof) {
    super();
  }
}

@CommandHandler(SignInByEmail)
export class SignInByEmailHandler implements ICommandHandler<SignInByEmail> {
  constructor(
    private readonly commands: CommandBus,
    private readonly throttle: SignInThrottle,
  ) {}

  async execute({ proof }: SignInByEmail): Promise<SessionTokens> {
    const verify = () => this.commands.execute(new VerifyEmail(proof));
    // Nobody guesses the token of a link; the six digits of a code, somebody might.
    const { userId } = 'token' in proof ? await verify() : await this.throttle.run(attemptOn(normalizeEmail(proof.email)), verify);
    return this.commands.execute(new OpenSession(userId));
  }
}
