import type { Endpoint } from './endpoint';

export const ENDPOINT_ID = 'ep';

/** Port. Deleted endpoints are not found. */
export abstract class EndpointRepository {
  abstract find(organizationId: string, applicationId: string, idOrUid: string): Promise<Endpoint | null>;
  /**
   * A new one, unless the application has `max` already; also when several are added at once. @returns whether it was added
   * @throws EndpointUidTaken
   */
  abstract add(endpoint: Endpoint, max: number): Promise<boolean>;
  /** @throws EndpointUidTaken, ConcurrentChange */
  abstract save(endpoint: Endpoint): Promise<void>;
  /** As `Endpoint.delete` does it, up to `limit` of an application at once. @returns how many */
  abstract deleteSome(organizationId: string, applicationId: string, now: Date, limit: number): Promise<number>;
}
