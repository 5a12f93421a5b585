import { InMemoryRows } from '../../../../platform/testing/in-memory-rows';
import type { Application } from '../domain/application';
import { ApplicationUidTaken } from '../domain/application.errors';
import { ApplicationRepository } from '../domain/application.repository';

export class InMemoryApplicationRepository extends ApplicationRepository {
  private readonly rows = new InMemoryRows<Application>();
  readonly events = this.rows.events;

  override async find(organizationId: string, idOrUid: string): Promise<Application | null> {
    return this.rows.find((row) => row.organizationId === organizationId && row.deletedAt === null && [row.id, row.uid].includes(idOrUid));
  }

  override async save(application: Application): Promise<void> {
    const { id, organizationId, uid, deletedAt } = application;
    const isTwin = (row: Application) =>
      row.id !== id && row.organizationId === organizationId && row.uid === uid && row.deletedAt === null;
    if (uid !== null && deletedAt === null && this.rows.find(isTwin)) throw new ApplicationUidTaken(uid);
    this.rows.save(application);
  }
}
