import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { normalizeEmail, VerifyCredentials } from '../../users';
import type { SessionTokens } from '../domain/session-tokens';
import { SignInThrottle } from '../domain/sign-in-throttle';
import { attemptOn } from './attempt';
import { OpenSession } from './open-session';

export class SignIn extends Command<SessionTokens> {
  constructor(
    readonly email: string,
    readonly password: string,
    readonly code: string | null,
  ) {
    super();
  }
}

@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn> {
  constructor(
    private readonly commands: CommandBus,
    private readonly throttle: SignInThrottle,
  ) {}

  async execute({ email, password, code }: SignIn): Promise<SessionTokens> {
    const { userId } = await this.throttle.run(attemptOn(normalizeEmail(email)), () =>
      this.commands.execute(new VerifyCredentials(email, password, code)),
    );
    return this.commands.execute(new OpenSession(userId));
  }
}
