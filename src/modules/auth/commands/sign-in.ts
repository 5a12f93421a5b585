import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { DomainError } from '../../../platform/errors/domain-error';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { FindUserByEmail, normalizeEmail, VerifyCredentials } from '../../users';
import { SignInFailed } from '../auth.events';
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
    private readonly queries: QueryBus,
    private readonly throttle: SignInThrottle,
    private readonly events: EventRecorder,
  ) {}

  async execute(command: SignIn): Promise<SessionTokens> {
    const { userId } = await this.throttle.run(attemptOn(normalizeEmail(command.email)), () => this.prove(command));
    return this.commands.execute(new OpenSession(userId));
  }

  private async prove({ email, password, code }: SignIn): Promise<{ readonly userId: string }> {
    try {
      return await this.commands.execute(new VerifyCredentials(email, password, code));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'invalid_credentials') await this.writeDown(email);
      throw error;
    }
  }

  private async writeDown(email: string): Promise<void> {
    const user = await this.queries.execute(new FindUserByEmail(email));
    await this.events.record(SignInFailed({ userId: user?.id ?? null }), null);
  }
}
