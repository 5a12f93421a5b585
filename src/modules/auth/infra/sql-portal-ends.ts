import { Injectable } from '@nestjs/common';
import { TypeOrmUnitOfWork } from '../../../platform/database/unit-of-work';
import { type PortalEnd, PortalEnds } from '../domain/portal-ends';

@Injectable()
export class SqlPortalEnds extends PortalEnds {
  constructor(private readonly uow: TypeOrmUnitOfWork) {
    super();
  }

  override async put({ organizationId, applicationId, sessionId, beforeId }: PortalEnd): Promise<void> {
    await this.uow.manager.query(
      `INSERT INTO portal_end (application_id, session_id, organization_id, before_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (application_id, session_id) DO UPDATE SET before_id = greatest(portal_end.before_id, excluded.before_id)`,
      [applicationId, sessionId ?? '', organizationId, beforeId],
    );
  }
}
