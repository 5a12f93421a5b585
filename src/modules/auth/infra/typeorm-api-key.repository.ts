import { Injectable } from '@nestjs/common';
import { AggregateStore } from '../../../platform/database/aggregate-store';
import { ApiKey } from '../domain/api-key';
import { ApiKeyRepository } from '../domain/api-key.repository';

@Injectable()
export class TypeOrmApiKeyRepository extends ApiKeyRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override find(organizationId: string, id: string): Promise<ApiKey | null> {
    return this.store.findOneBy(ApiKey, { organizationId, id });
  }

  override save(apiKey: ApiKey): Promise<void> {
    return this.store.save(apiKey);
  }
}
