import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { VerifyIdentity } from '../../users';
import { SignInThrottle } from '../domain/sign-in-throttle';
import { attemptOn } from './attempt';

/** Runs a command for somebody who says their password again, and a code where it takes one. Guessing is slowed down as at sign-in. */
export class WithPassword<Result> extends Command<Result> {
  constructor(
    readonly userId: string,
    readonly proof: { readonly password: string; readonly code?: string },
    readonly command: Command<Result>,
  ) {
    super();
  }
}

@CommandHandler(WithPassword)
export class WithPasswordHandler implements ICommandHandler<WithPassword<unknown>> {
  constructor(
    private readonly commands: CommandBus,
    private readonly throttle: SignInThrottle,
  ) {}

  async execute({ userId, proof, command }: WithPassword<unknown>): Promise<unknown> {
    await this.throttle.run(attemptOn(userId), () => this.commands.execute(new VerifyIdentity(userId, proof.password, proof.code ?? null)));
    return this.commands.execute(command);
  }
}
