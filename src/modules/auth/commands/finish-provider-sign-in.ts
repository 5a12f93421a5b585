import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Clock } from '../../../platform/time/clock';
import { SignInWithIdentity } from '../../users';
import { ProviderRefused } from '../domain/auth.errors';
import { IdentityProviders } from '../domain/identity-providers';
import { providerContext, type SealedSignIn } from '../domain/provider-sign-in';
import type { SessionTokens } from '../domain/session-tokens';
import { MayRegister } from '../queries/may-register';
import { OpenSession } from './open-session';

/** The way back from a provider: who they are is what it says, if it says so to the browser that we sent there. */
export class FinishProviderSignIn extends Command<SessionTokens> {
  constructor(
    readonly providerId: string,
    readonly query: string,
    readonly sealed: string,
  ) {
    super();
  }
}

@CommandHandler(FinishProviderSignIn)
export class FinishProviderSignInHandler implements ICommandHandler<FinishProviderSignIn> {
  constructor(
    private readonly providers: IdentityProviders,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ providerId, query, sealed }: FinishProviderSignIn): Promise<SessionTokens> {
    const { until, ...transaction } = await this.open(providerId, sealed);
    if (until < this.clock.now().getTime()) throw new ProviderRefused();
    const identity = await this.providers.finish(providerId, query, transaction);
    const welcome = identity.email !== null && (await this.queries.execute(new MayRegister(identity.email))) === 'welcome';
    const { userId } = await this.commands.execute(new SignInWithIdentity(identity, welcome));
    return this.commands.execute(new OpenSession(userId));
  }

  private async open(providerId: string, sealed: string): Promise<SealedSignIn> {
    try {
      return await this.cipher.openJson<SealedSignIn>(providerContext(providerId), Buffer.from(sealed, 'base64url'));
    } catch {
      throw new ProviderRefused();
    }
  }
}
