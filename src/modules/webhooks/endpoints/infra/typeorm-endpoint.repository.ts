import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { AggregateStore } from '../../../../platform/database/aggregate-store';
import { TypeOrmUnitOfWork } from '../../../../platform/database/unit-of-work';
import { onUniqueViolation } from '../../../../platform/database/on-unique-violation';
import { IDENTIFIER, isIdOf } from '../../../../platform/ids/reference';
import { Outbox } from '../../../../platform/outbox/outbox';
import { Endpoint } from '../domain/endpoint';
import { EndpointUidTaken } from '../domain/endpoint.errors';
import { ENDPOINT_ID, EndpointRepository } from '../domain/endpoint.repository';
import { EndpointDeleted } from '../endpoints.events';

/** In the order of their ids, so that two who do this at once wait for each other instead of locking each other out. */
const DELETE_SOME = `
  WITH chunk AS (
    SELECT id FROM endpoint WHERE organization_id = $1 AND application_id = $2 AND deleted_at IS NULL ORDER BY id LIMIT $4 FOR UPDATE
  ), deleted AS (
    UPDATE endpoint e SET deleted_at = $3, updated_at = $3, version = e.version + 1 FROM chunk WHERE e.id = chunk.id RETURNING e.id
  )
  SELECT id FROM deleted`;

@Injectable()
export class TypeOrmEndpointRepository extends EndpointRepository {
  constructor(
    private readonly store: AggregateStore,
    private readonly uow: TypeOrmUnitOfWork,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  override async find(organizationId: string, applicationId: string, idOrUid: string): Promise<Endpoint | null> {
    if (!IDENTIFIER.test(idOrUid)) return null;
    const key = isIdOf(ENDPOINT_ID, idOrUid) ? { id: idOrUid } : { uid: idOrUid };
    return this.store.findOneBy(Endpoint, { organizationId, applicationId, ...key, deletedAt: IsNull() });
  }

  override add(endpoint: Endpoint, max: number): Promise<boolean> {
    const { organizationId, applicationId } = endpoint;
    return this.uow.run(async () => {
      // Who adds another one waits here, and then counts this one.
      await this.uow.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 4))', [applicationId]);
      const count = await this.store.count(Endpoint, { organizationId, applicationId, deletedAt: IsNull() });
      if (count >= max) return false;
      await this.save(endpoint);
      return true;
    });
  }

  override async save(endpoint: Endpoint): Promise<void> {
    await this.store.save(endpoint).catch(onUniqueViolation('endpoint_uid_key', () => new EndpointUidTaken(endpoint.uid ?? '')));
  }

  override deleteSome(organizationId: string, applicationId: string, now: Date, limit: number): Promise<number> {
    return this.uow.run(async () => {
      const deleted = await this.uow.manager.query<{ id: string }[]>(DELETE_SOME, [organizationId, applicationId, now, limit]);
      await this.outbox.append(
        deleted.map(({ id }) => EndpointDeleted({ applicationId, endpointId: id })),
        organizationId,
      );
      return deleted.length;
    });
  }
}
