import type { QueryBus } from '@nestjs/cqrs';
import { Strategy } from 'passport';
import { equalsInConstantTime } from '../../../platform/crypto/constant-time';
import { tokenHash } from '../../../platform/crypto/token-hash';
import { IsOrganizationOpen } from '../../organizations';
import type { TokenSigner } from '../domain/token-signer';
import { API_KEY, ApiKeyClaims, apiKeyPrefix, type Environment } from '../domain/token-format';
import { GetValidApiKey } from '../queries/get-valid-api-key';
import type { ApiKeyUsage } from './api-key-usage';
import { jwtBehind, type RequestHeaders } from './bearer-jwt';
import type { Identity } from './identity';
import type { SigningKeys } from './signing-keys';

/**
 * `Bearer ph_live_<JWT>`: a program of an organization. Its row decides, by the hash of the whole token: who stole a signing key
 * forges nothing, and a signing key can go while the API keys that it signed stay. The signature spares us the query for most forgeries.
 */
export class ApiKeyStrategy extends Strategy {
  constructor(
    private readonly environment: Environment,
    private readonly keys: SigningKeys,
    private readonly signer: TokenSigner,
    private readonly queries: QueryBus,
    private readonly usage: ApiKeyUsage,
  ) {
    super();
  }

  override authenticate(request: RequestHeaders): void {
    this.identify(request).then(
      (identity) => {
        if (identity) this.success(identity);
        else this.fail(401);
      },
      (error: unknown) => {
        this.error(error);
      },
    );
  }

  private async identify(request: RequestHeaders): Promise<Identity | null> {
    const prefix = apiKeyPrefix(this.environment);
    const jwt = jwtBehind(prefix)(request);
    const claims = ApiKeyClaims.safeParse(jwt === null ? null : this.claimsOf(jwt));
    if (!claims.success || claims.data.env !== this.environment) return null;
    const id = claims.data.jti;
    const apiKey = await this.queries.execute(new GetValidApiKey(id, this.environment));
    if (!apiKey || !this.isGenuine(apiKey.tokenHash, prefix, jwt ?? '')) return null;
    if (!(await this.queries.execute(new IsOrganizationOpen(apiKey.organizationId)))) return null;
    this.usage.note(id);
    return { kind: 'api_key', id, organizationId: apiKey.organizationId, scopes: apiKey.scopes };
  }

  /** Not verified when the key that signed it is gone. */
  private claimsOf(jwt: string): unknown {
    if (this.keys.keyOf(jwt, API_KEY)) return this.signer.open(API_KEY, jwt);
    return this.keys.isOfType(jwt, API_KEY) ? unverifiedClaims(jwt) : null;
  }

  private isGenuine(hash: Buffer | null, prefix: string, jwt: string): boolean {
    return hash ? equalsInConstantTime(hash, tokenHash(prefix + jwt)) : this.keys.keyOf(jwt, API_KEY) !== null;
  }
}

function unverifiedClaims(jwt: string): unknown {
  try {
    return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
}
