import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Cipher, SYSTEM_SCOPE } from '../../../platform/crypto/cipher';
import { Clock } from '../../../platform/time/clock';
import { IdentityProviders } from '../domain/identity-providers';
import { PROVIDER_SIGN_IN_SECONDS, providerContext, type SealedSignIn } from '../domain/provider-sign-in';

/** Where to send a browser, and what it has to bring back: sealed, so that it can neither be read nor made up. */
export class StartProviderSignIn extends Command<{ readonly url: string; readonly sealed: string }> {
  constructor(readonly providerId: string) {
    super();
  }
}

@CommandHandler(StartProviderSignIn)
export class StartProviderSignInHandler implements ICommandHandler<StartProviderSignIn> {
  constructor(
    private readonly providers: IdentityProviders,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ providerId }: StartProviderSignIn): Promise<{ readonly url: string; readonly sealed: string }> {
    const { url, transaction } = await this.providers.start(providerId);
    const remembered: SealedSignIn = { ...transaction, until: this.clock.now().getTime() + PROVIDER_SIGN_IN_SECONDS * 1_000 };
    const sealed = await this.cipher.sealJson(SYSTEM_SCOPE, providerContext(providerId), remembered);
    return { url, sealed: sealed.toString('base64url') };
  }
}
