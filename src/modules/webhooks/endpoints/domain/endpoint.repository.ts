import type { Endpoint } from './endpoint';

export const ENDPOINT_ID = 'ep';

/** Port. Deleted endpoints are not found. */
export abstract class EndpointRepository {
  abstract find(organizationId: string, applicationId: string, idOrUid: string): Promise<Endpoint | null>;
  abstract findAll(organizationId: string, applicationId: string): Promise<Endpoint[]>;
  /**
   * A new one, unless the application has `max` already; also when several are added at once. @returns whether it was added
   * @throws EndpointUidTaken
   */
  abstract add(endpoint: Endpoint, max: number): Promise<boolean>;
  /** @throws EndpointUidTaken, ConcurrentChange */
  abstract save(endpoint: Endpoint): Promise<void>;
}
