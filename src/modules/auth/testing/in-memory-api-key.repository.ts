import { InMemoryRows } from '../../../platform/testing/in-memory-rows';
import type { ApiKey } from '../domain/api-key';
import { ApiKeyRepository } from '../domain/api-key.repository';

export class InMemoryApiKeyRepository extends ApiKeyRepository {
  private readonly rows = new InMemoryRows<ApiKey>();
  readonly events = this.rows.events;

  override async find(organizationId: string, id: string): Promise<ApiKey | null> {
    return this.rows.find((apiKey) => apiKey.organizationId === organizationId && apiKey.id === id);
  }

  override async save(apiKey: ApiKey): Promise<void> {
    this.rows.save(apiKey);
  }
}
