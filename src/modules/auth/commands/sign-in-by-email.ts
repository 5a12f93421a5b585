import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../platform/time/clock';
import { type EmailProof, VerifyEmail } from '../../users';
import { type SignedIn, signInAs } from '../domain/access-token';
import { TokenSigner } from '../domain/token-signer';

/** Who proves to own the address of an account is signed in. */
export class SignInByEmail extends Command<SignedIn> {
  constructor(readonly proof: EmailProof) {
    super();
  }
}

@CommandHandler(SignInByEmail)
export class SignInByEmailHandler implements ICommandHandler<SignInByEmail> {
  constructor(
    private readonly commands: CommandBus,
    private readonly signer: TokenSigner,
    private readonly clock: Clock,
  ) {}

  async execute({ proof }: SignInByEmail): Promise<SignedIn> {
    const { userId } = await this.commands.execute(new VerifyEmail(proof));
    return signInAs(userId, this.signer, this.clock.now());
  }
}
