import type { Endpoint } from './endpoint';

export const ENDPOINT_ID = 'ep';

/** Port. Deleted endpoints are not found. */
export abstract class EndpointRepository {
  abstract find(organizationId: string, applicationId: string, idOrUid: string): Promise<Endpoint | null>;
  abstract findAll(organizationId: string, applicationId: string): Promise<Endpoint[]>;
  abstract count(organizationId: string, applicationId: string): Promise<number>;
  /** @throws EndpointUidTaken, ConcurrentChange */
  abstract save(endpoint: Endpoint): Promise<void>;
}
