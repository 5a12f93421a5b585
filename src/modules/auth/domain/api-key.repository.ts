import type { ApiKey } from './api-key';

/** Port. */
export abstract class ApiKeyRepository {
  abstract find(organizationId: string, id: string): Promise<ApiKey | null>;
  /** @throws ConcurrentChange */
  abstract save(apiKey: ApiKey): Promise<void>;
}
