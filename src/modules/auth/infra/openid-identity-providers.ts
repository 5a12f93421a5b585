import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import * as openid from 'openid-client';
import { CONFIG, type Config } from '../../../config/env';
import { ProviderNotFound, ProviderRefused, ProviderUnavailable } from '../domain/auth.errors';
import { IdentityProviders, type ProvidedIdentity, type SignInTransaction } from '../domain/identity-providers';

type Provider = Config['oidcProviders'][number];

const TIMEOUT_SECONDS = 5;
/** What a provider says of itself changes rarely; its keys are looked up by the library when it meets a new one. */
const REMEMBERED_MS = 3_600_000;

@Injectable()
export class OpenIdIdentityProviders extends IdentityProviders {
  private readonly logger = new Logger(OpenIdIdentityProviders.name);
  private readonly providers: ReadonlyMap<string, Provider>;
  private readonly discovered = new LRUCache<string, Promise<openid.Configuration>>({ max: 100, ttl: REMEMBERED_MS });
  private readonly callbackUrl: (id: string) => string;

  constructor(@Inject(CONFIG) { oidcProviders, http }: Pick<Config, 'oidcProviders' | 'http'>) {
    super();
    this.providers = new Map(oidcProviders.map((provider) => [provider.id, provider]));
    this.callbackUrl = (id) => `${http.publicUrl}/api/v1/auth/oidc/${id}/callback`;
  }

  override async start(providerId: string) {
    const provider = this.provider(providerId);
    const configuration = await this.discover(provider).catch((error: unknown) => {
      this.logger.warn({ provider: providerId, err: error }, 'provider unavailable');
      throw new ProviderUnavailable();
    });
    const transaction = { state: openid.randomState(), nonce: openid.randomNonce(), verifier: openid.randomPKCECodeVerifier() };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callbackUrl(providerId),
      scope: provider.scopes,
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(transaction.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, transaction };
  }

  override async finish(providerId: string, query: string, transaction: SignInTransaction): Promise<ProvidedIdentity> {
    const provider = this.provider(providerId);
    try {
      const configuration = await this.discover(provider);
      const tokens = await openid.authorizationCodeGrant(configuration, new URL(`${this.callbackUrl(providerId)}?${query}`), {
        pkceCodeVerifier: transaction.verifier,
        expectedState: transaction.state,
        expectedNonce: transaction.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('no id token');
      // Many providers put the address into the answer of this endpoint only.
      const about = claims['email'] === undefined ? await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: text(about['email']),
        emailVerified: about['email_verified'] === true,
        name: text(about['name']),
      };
    } catch (error) {
      this.logger.warn({ provider: providerId, err: error }, 'sign-in with a provider failed');
      throw new ProviderRefused();
    }
  }

  private provider(id: string): Provider {
    const provider = this.providers.get(id);
    if (!provider) throw new ProviderNotFound();
    return provider;
  }

  private discover({ id, issuer, clientId, clientSecret }: Provider): Promise<openid.Configuration> {
    const known = this.discovered.get(id);
    if (known) return known;
    const url = new URL(issuer);
    // Only for a provider on this machine: the configuration takes no other address without TLS.
    // oxlint-disable-next-line typescript/no-deprecated -- deprecated to be noticed, says its author
    const execute = url.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
    const discovery = openid.discovery(url, clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_SECONDS });
    this.discovered.set(id, discovery);
    discovery.catch(() => this.discovered.delete(id));
    return discovery;
  }
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
