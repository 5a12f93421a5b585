import type { Application } from './application';

export const APPLICATION_ID = 'app';

/** Port. Deleted applications are not found. */
export abstract class ApplicationRepository {
  abstract find(organizationId: string, idOrUid: string): Promise<Application | null>;
  /** @throws ApplicationUidTaken, ConcurrentChange */
  abstract save(application: Application): Promise<void>;
}
