import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { AggregateStore } from '../../../../platform/database/aggregate-store';
import { onUniqueViolation } from '../../../../platform/database/on-unique-violation';
import { ConcurrentChange } from '../../../../platform/errors/domain-error';
import { IDENTIFIER, isIdOf } from '../../../../platform/ids/reference';
import { Application } from '../domain/application';
import { ApplicationUidTaken } from '../domain/application.errors';
import { APPLICATION_ID, ApplicationRepository } from '../domain/application.repository';

@Injectable()
export class TypeOrmApplicationRepository extends ApplicationRepository {
  constructor(private readonly store: AggregateStore) {
    super();
  }

  override async find(organizationId: string, idOrUid: string): Promise<Application | null> {
    if (!IDENTIFIER.test(idOrUid)) return null;
    const key = isIdOf(APPLICATION_ID, idOrUid) ? { id: idOrUid } : { uid: idOrUid };
    return this.store.findOneBy(Application, { organizationId, ...key, deletedAt: IsNull() });
  }

  override async save(application: Application): Promise<void> {
    await this.store
      .save(application)
      .catch(onUniqueViolation('application_uid_key', () => new ApplicationUidTaken(application.uid ?? '')))
      .catch(onUniqueViolation('application_pkey', () => new ConcurrentChange()));
  }
}
