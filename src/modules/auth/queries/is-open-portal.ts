import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../platform/database/sql';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { ResolveApplication } from '../../webhooks';

/** Whether a portal token is still good: its application is there, and access was not ended since it was made. */
export class IsOpenPortal extends Query<boolean> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
    readonly portalTokenId: string,
    readonly sessionId: string | null,
  ) {
    super();
  }
}

@QueryHandler(IsOpenPortal)
export class IsOpenPortalHandler implements IQueryHandler<IsOpenPortal> {
  constructor(
    private readonly sql: Sql,
    private readonly queries: QueryBus,
  ) {}

  async execute({ organizationId, applicationId, portalTokenId, sessionId }: IsOpenPortal): Promise<boolean> {
    const [ended, exists] = await Promise.all([
      // Ids sort by the time at which they were made.
      this.sql.run(
        {
          name: 'portal_end.covers',
          text: `
            SELECT 1 FROM portal_end WHERE application_id = $1 AND session_id IN ('', $2) AND before_id > $3
             UNION ALL
            SELECT 1 FROM portal_expiry
             WHERE application_id = $1 AND session_id IN ('', $2) AND before_id > $3 AND ends_at <= now()`,
        },
        [applicationId, sessionId ?? '', portalTokenId],
      ),
      this.exists(organizationId, applicationId),
    ]);
    return exists && ended.length === 0;
  }

  private async exists(organizationId: string, applicationId: string): Promise<boolean> {
    try {
      return (await this.queries.execute(new ResolveApplication(organizationId, applicationId))).id === applicationId;
    } catch (error) {
      if (error instanceof EntityNotFound) return false;
      throw error;
    }
  }
}
