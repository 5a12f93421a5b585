import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type EmailProof, VerifyEmail } from '../../users';
import type { SessionTokens } from '../domain/session-tokens';
import { OpenSession } from './open-session';

/** Who proves to own the address of an account is signed in. */
export class SignInByEmail extends Command<SessionTokens> {
  constructor(readonly proof: EmailProof) {
    super();
  }
}

@CommandHandler(SignInByEmail)
export class SignInByEmailHandler implements ICommandHandler<SignInByEmail> {
  constructor(private readonly commands: CommandBus) {}

  async execute({ proof }: SignInByEmail): Promise<SessionTokens> {
    const { userId } = await this.commands.execute(new VerifyEmail(proof));
    return this.commands.execute(new OpenSession(userId));
  }
}
