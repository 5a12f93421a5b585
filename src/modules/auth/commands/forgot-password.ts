import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RequestPasswordReset } from '../../users';
import { SignInThrottle } from '../domain/sign-in-throttle';
import { mailTo } from './attempt';

/** Asks for the mail that leads to a new password. Known and unknown addresses are slowed down alike. */
export class ForgotPassword extends Command<void> {
  constructor(readonly email: string) {
    super();
  }
}

@CommandHandler(ForgotPassword)
export class ForgotPasswordHandler implements ICommandHandler<ForgotPassword> {
  constructor(
    private readonly commands: CommandBus,
    private readonly throttle: SignInThrottle,
  ) {}

  async execute({ email }: ForgotPassword): Promise<void> {
    await this.throttle.refuse(mailTo(email));
    await this.commands.execute(new RequestPasswordReset(email));
  }
}
