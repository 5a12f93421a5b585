import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../platform/time/clock';
import { VerifyCredentials } from '../../users';
import { type SignedIn, signInAs } from '../domain/access-token';
import { TokenSigner } from '../domain/token-signer';

export class SignIn extends Command<SignedIn> {
  constructor(
    readonly email: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn> {
  constructor(
    private readonly commands: CommandBus,
    private readonly signer: TokenSigner,
    private readonly clock: Clock,
  ) {}

  async execute({ email, password }: SignIn): Promise<SignedIn> {
    const { userId } = await this.commands.execute(new VerifyCredentials(email, password));
    return signInAs(userId, this.signer, this.clock.now());
  }
}
