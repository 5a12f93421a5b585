import { InMemoryRows } from '../../../../platform/testing/in-memory-rows';
import type { Endpoint } from '../domain/endpoint';
import { EndpointUidTaken } from '../domain/endpoint.errors';
import { EndpointRepository } from '../domain/endpoint.repository';

export class InMemoryEndpointRepository extends EndpointRepository {
  private readonly rows = new InMemoryRows<Endpoint>();
  readonly events = this.rows.events;

  override async find(organizationId: string, applicationId: string, idOrUid: string): Promise<Endpoint | null> {
    return this.those(organizationId, applicationId).find(({ id, uid }) => id === idOrUid || uid === idOrUid) ?? null;
  }

  override async add(endpoint: Endpoint, max: number): Promise<boolean> {
    if (this.those(endpoint.organizationId, endpoint.applicationId).length >= max) return false;
    await this.save(endpoint);
    return true;
  }

  override async save(endpoint: Endpoint): Promise<void> {
    const { id, applicationId, uid, deletedAt } = endpoint;
    const isTwin = (row: Endpoint) => row.id !== id && row.applicationId === applicationId && row.uid === uid && row.deletedAt === null;
    if (uid !== null && deletedAt === null && this.rows.find(isTwin)) throw new EndpointUidTaken(uid);
    this.rows.save(endpoint);
  }

  override async deleteSome(organizationId: string, applicationId: string, now: Date, limit: number): Promise<number> {
    const some = this.those(organizationId, applicationId).slice(0, limit);
    for (const endpoint of some) {
      endpoint.delete(now);
      this.rows.save(endpoint);
    }
    return some.length;
  }

  private those(organizationId: string, applicationId: string): Endpoint[] {
    return this.rows.all((row) => row.organizationId === organizationId && row.applicationId === applicationId && row.deletedAt === null);
  }
}
