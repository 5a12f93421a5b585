import { Column, Entity } from 'typeorm';
import { grantable } from '../../../platform/access/permission';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { tokenHash } from '../../../platform/crypto/token-hash';
import { type Changes, given } from '../../../platform/domain/given';
import { TenantAggregateRoot } from '../../../platform/domain/tenant-aggregate-root';
import { InvalidField } from '../../../platform/errors/domain-error';
import { ApiKeyCreated, ApiKeyRevoked, ApiKeyUpdated } from '../auth.events';
import { API_KEY, apiKeyPrefix, type Environment } from './token-format';
import type { TokenSigner } from './token-signer';

export type ApiKeySettings = {
  readonly name: string;
  /** Names of permissions; null for all that API keys may have. */
  readonly scopes: readonly string[] | null;
};

export type NewApiKey = ApiKeySettings & {
  readonly organizationId: string;
  readonly environment: Environment;
  readonly expiresAt: Date | null;
};

/** A key of an organization for its programs. Of the token itself only a hash is stored: this row and nothing else makes it good. */
@Entity('api_key')
export class ApiKey extends TenantAggregateRoot<ApiKey> {
  @EncryptedColumn() readonly name!: string;
  @Column('text', { array: true, nullable: true }) readonly scopes: readonly string[] | null = null;
  @Column('text') readonly environment!: Environment;
  @Column('bytea', { nullable: true }) readonly tokenHash: Buffer | null = null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly expiresAt: Date | null = null;
  @Column('timestamptz', { nullable: true }) readonly revokedAt: Date | null = null;

  /** @throws InvalidField */
  static create(id: string, key: NewApiKey, now: Date): ApiKey {
    if (key.expiresAt && key.expiresAt <= now) throw new InvalidField(['body', 'expiresAt'], 'must be in the future');
    const apiKey = new ApiKey();
    apiKey.assign({ id, ...key, scopes: checkedScopes(key.scopes), createdAt: now, updatedAt: now });
    apiKey.record(ApiKeyCreated({ apiKeyId: id }));
    return apiKey;
  }

  get prefix(): string {
    return apiKeyPrefix(this.environment);
  }

  /** The token, to be shown once. Its hash remains. */
  issue(signer: TokenSigner): string {
    const { id, environment, createdAt, expiresAt } = this;
    const token = this.prefix + signer.sign({ type: API_KEY, claims: { jti: id, env: environment }, issuedAt: createdAt, expiresAt });
    this.assign({ tokenHash: tokenHash(token) });
    return token;
  }

  /** @throws InvalidField */
  change(changes: Changes<ApiKeySettings>, now: Date): void {
    const { scopes, ...changed } = given(changes);
    this.assign({ ...changed, ...(scopes !== undefined && { scopes: checkedScopes(scopes) }), updatedAt: now });
    this.record(ApiKeyUpdated({ apiKeyId: this.id, fields: Object.keys(given(changes)) }));
  }

  revoke(now: Date): void {
    if (this.revokedAt) return;
    this.assign({ revokedAt: now, updatedAt: now });
    this.record(ApiKeyRevoked({ apiKeyId: this.id }));
  }
}

function checkedScopes(scopes: readonly string[] | null): readonly string[] | null {
  const known = grantable('apiKeys');
  const unknown = scopes?.find((scope) => !known.includes(scope));
  if (unknown !== undefined) throw new InvalidField(['body', 'scopes'], `${unknown.slice(0, 100)} is none of: ${known.join(', ')}`);
  return scopes && [...new Set(scopes)].sort();
}
