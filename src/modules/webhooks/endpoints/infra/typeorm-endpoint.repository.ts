import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { AggregateStore } from '../../../../platform/database/aggregate-store';
import { TypeOrmUnitOfWork } from '../../../../platform/database/unit-of-work';
import { onUniqueViolation } from '../../../../platform/database/on-unique-violation';
import { IDENTIFIER, isIdOf } from '../../../../platform/ids/reference';
import { Endpoint } from '../domain/endpoint';
import { EndpointUidTaken } from '../domain/endpoint.errors';
import { ENDPOINT_ID, EndpointRepository } from '../domain/endpoint.repository';

@Injectable()
export class TypeOrmEndpointRepository extends EndpointRepository {
  constructor(
    private readonly store: AggregateStore,
    private readonly uow: TypeOrmUnitOfWork,
  ) {
    super();
  }

  override async find(organizationId: string, applicationId: string, idOrUid: string): Promise<Endpoint | null> {
    if (!IDENTIFIER.test(idOrUid)) return null;
    const key = isIdOf(ENDPOINT_ID, idOrUid) ? { id: idOrUid } : { uid: idOrUid };
    return this.store.findOneBy(Endpoint, { organizationId, applicationId, ...key, deletedAt: IsNull() });
  }

  override findAll(organizationId: string, applicationId: string): Promise<Endpoint[]> {
    return this.store.find(Endpoint, { where: { organizationId, applicationId, deletedAt: IsNull() }, order: { id: 'ASC' } });
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
}
