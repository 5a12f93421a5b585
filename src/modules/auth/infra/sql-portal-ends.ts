import { Injectable } from '@nestjs/common';
import { TypeOrmUnitOfWork } from '../../../platform/database/unit-of-work';
import { type PortalEnd, PortalEnds } from '../domain/portal-ends';

@Injectable()
export class SqlPortalEnds extends PortalEnds {
  constructor(private readonly uow: TypeOrmUnitOfWork) {
    super();
  }

  override async put({ organizationId, applicationId, sessionIds, beforeId, endsAt }: PortalEnd): Promise<void> {
    // In one order, so that two who end the same ones do not wait for each other.
    const sessions = sessionIds.length > 0 ? [...new Set(sessionIds)].sort() : [''];
    if (endsAt) return this.putAhead([applicationId, sessions, organizationId, beforeId, endsAt]);
    await this.uow.manager.query(
      `INSERT INTO portal_end (application_id, session_id, organization_id, before_id) SELECT $1, unnest($2::text[]), $3, $4
       ON CONFLICT (application_id, session_id) DO UPDATE SET before_id = greatest(portal_end.before_id, excluded.before_id)`,
      [applicationId, sessions, organizationId, beforeId],
    );
  }

  /** Ends that say no more than a later one does are forgotten. */
  private async putAhead(values: unknown[]): Promise<void> {
    await this.uow.manager.query(
      `INSERT INTO portal_expiry (application_id, session_id, organization_id, before_id, ends_at)
       SELECT $1, unnest($2::text[]), $3, $4, $5::timestamptz`,
      values,
    );
    await this.uow.manager.query(
      `DELETE FROM portal_expiry e WHERE application_id = $1 AND session_id = ANY ($2::text[]) AND EXISTS (
         SELECT 1 FROM portal_expiry later
          WHERE later.application_id = $1 AND later.session_id = e.session_id AND later.before_id > e.before_id
            AND (later.ends_at <= e.ends_at OR later.ends_at <= now()))`,
      values.slice(0, 2),
    );
  }
}
