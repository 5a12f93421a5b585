/** What somebody's provider says of them, verified. */
export type ProvidedIdentity = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
};

/** What has to be remembered between the way there and the way back. */
export type SignInTransaction = { readonly state: string; readonly nonce: string; readonly verifier: string };

/** Port: OpenID Connect, code flow with PKCE. */
export abstract class IdentityProviders {
  /** @throws ProviderNotFound, ProviderUnavailable */
  abstract start(providerId: string): Promise<{ readonly url: string; readonly transaction: SignInTransaction }>;
  /** @param query what the provider sent back, `code=…&state=…` @throws ProviderNotFound, ProviderRefused */
  abstract finish(providerId: string, query: string, transaction: SignInTransaction): Promise<ProvidedIdentity>;
}
