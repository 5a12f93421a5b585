import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../platform/crypto/encrypted-column';
import { TenantAggregateRoot } from '../../../platform/domain/tenant-aggregate-root';
import { InvalidField } from '../../../platform/errors/domain-error';
import { ApiKeyCreated, ApiKeyRevoked } from '../auth.events';
import { API_KEY, apiKeyPrefix, type Environment } from './token-format';
import type { TokenSigner } from './token-signer';

export type NewApiKey = {
  readonly organizationId: string;
  readonly name: string;
  readonly environment: Environment;
  readonly expiresAt: Date | null;
};

/** A key of an organization for its programs. The token itself is not stored: it is signed, and good while this row is. */
@Entity('api_key')
export class ApiKey extends TenantAggregateRoot<ApiKey> {
  @EncryptedColumn() readonly name!: string;
  @Column('text') readonly environment!: Environment;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly expiresAt: Date | null = null;
  @Column('timestamptz', { nullable: true }) readonly revokedAt: Date | null = null;

  /** @throws InvalidField */
  static create(id: string, key: NewApiKey, now: Date): ApiKey {
    if (key.expiresAt && key.expiresAt <= now) throw new InvalidField(['body', 'expiresAt'], 'must be in the future');
    const apiKey = new ApiKey();
    apiKey.assign({ id, ...key, createdAt: now, updatedAt: now });
    apiKey.record(ApiKeyCreated({ apiKeyId: id }));
    return apiKey;
  }

  get prefix(): string {
    return apiKeyPrefix(this.environment);
  }

  token(signer: TokenSigner): string {
    const { id, environment, createdAt, expiresAt } = this;
    return this.prefix + signer.sign({ type: API_KEY, claims: { jti: id, env: environment }, issuedAt: createdAt, expiresAt });
  }

  revoke(now: Date): void {
    if (this.revokedAt) return;
    this.assign({ revokedAt: now, updatedAt: now });
    this.record(ApiKeyRevoked({ apiKeyId: this.id }));
  }
}
