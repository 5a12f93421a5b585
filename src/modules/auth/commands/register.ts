import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { RegisterUser } from '../../users';
import { RegistrationClosed } from '../domain/auth.errors';
import { SignInThrottle } from '../domain/sign-in-throttle';
import { MayRegister } from '../queries/may-register';
import { mailTo } from './attempt';

/** Says that registration is closed, but not to whom it is open. */
export class Register extends Command<void> {
  constructor(
    readonly email: string,
    readonly password: string,
    readonly name: string,
  ) {
    super();
  }
}

@CommandHandler(Register)
export class RegisterHandler implements ICommandHandler<Register> {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly throttle: SignInThrottle,
  ) {}

  async execute({ email, password, name }: Register): Promise<void> {
    const standing = await this.queries.execute(new MayRegister(email));
    if (standing === 'closed') throw new RegistrationClosed();
    await this.throttle.refuse(mailTo(email));
    await this.commands.execute(new RegisterUser(email, password, name, standing === 'welcome'));
  }
}
