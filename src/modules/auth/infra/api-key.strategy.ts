import type { QueryBus } from '@nestjs/cqrs';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { API_KEY, ApiKeyClaims, apiKeyPrefix, type Environment } from '../domain/token-format';
import { GetValidApiKey } from '../queries/get-valid-api-key';
import { bearerOf } from './bearer-token';
import type { Identity } from './identity';
import type { SigningKeys } from './signing-keys';

/** `Bearer ph_live_<JWT>`: a program of an organization. */
export class ApiKeyStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly environment: Environment,
    keys: SigningKeys,
    private readonly queries: QueryBus,
  ) {
    super(bearerOf(API_KEY, apiKeyPrefix(environment), keys));
  }

  async validate(payload: unknown): Promise<Identity | null> {
    const claims = ApiKeyClaims.safeParse(payload);
    if (!claims.success || claims.data.env !== this.environment) return null;
    const id = claims.data.jti;
    const apiKey = await this.queries.execute(new GetValidApiKey(id, this.environment));
    return apiKey && { kind: 'api_key', id, organizationId: apiKey.organizationId, scopes: null };
  }
}
