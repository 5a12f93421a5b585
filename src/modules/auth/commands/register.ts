import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { HasOpenInvitation } from '../../organizations';
import { HasUsers, RegisterUser } from '../../users';
import { RegistrationClosed } from '../domain/auth.errors';

/** Whoever installs Posthorn may register, whatever `REGISTRATION` says: until somebody has, there is nobody to invite them. */
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
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ email, password, name }: Register): Promise<void> {
    const welcome = await this.isWelcome(email);
    await this.commands.execute(new RegisterUser(email, password, name, welcome));
  }

  private async isWelcome(email: string): Promise<boolean> {
    if (this.config.registration === 'open' || !(await this.queries.execute(new HasUsers()))) return true;
    if (this.config.registration === 'closed') throw new RegistrationClosed();
    return this.queries.execute(new HasOpenInvitation(email));
  }
}
