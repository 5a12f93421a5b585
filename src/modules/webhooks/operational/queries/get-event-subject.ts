import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { operationalApplicationId } from '../../applications';

/** What callers call the subjects of an event; null for what has no name of theirs, or is no part of the event. */
export type EventSubject = {
  readonly appUid: string | null;
  readonly endpointUid: string | null;
  readonly msgEventId: string | null;
  /** When the endpoint began to fail; null while it does not. */
  readonly failingSince: Date | null;
};

/** Null when no operational webhook of the organization wants to hear of such an event. */
export class GetEventSubject extends Query<EventSubject | null> {
  constructor(
    readonly organizationId: string,
    readonly eventType: string,
    readonly ids: { readonly applicationId: string; readonly endpointId: string; readonly messageId?: string | undefined },
  ) {
    super();
  }
}

/** What was deleted has its row still. */
const STATEMENT = {
  name: 'operational.subject',
  text: `
    SELECT a.uid AS "appUid", e.uid AS "endpointUid", m.event_id AS "msgEventId", l.failing_since AS "failingSince"
      FROM application a
      LEFT JOIN endpoint e ON e.id = $3 AND e.organization_id = $1
      LEFT JOIN delivery_lane l ON l.endpoint_id = e.id
      LEFT JOIN message m ON m.id = $4 AND m.organization_id = $1
     WHERE a.id = $2 AND a.organization_id = $1
       AND EXISTS (SELECT FROM endpoint o
                    WHERE o.application_id = $5 AND o.deleted_at IS NULL AND NOT o.disabled
                      AND (o.event_types IS NULL OR $6 = ANY (o.event_types)))`,
};

@QueryHandler(GetEventSubject)
export class GetEventSubjectHandler implements IQueryHandler<GetEventSubject> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, eventType, ids }: GetEventSubject): Promise<EventSubject | null> {
    const { applicationId, endpointId, messageId = null } = ids;
    const values = [organizationId, applicationId, endpointId, messageId, operationalApplicationId(organizationId), eventType];
    const [row] = await this.sql.run<EventSubject>(STATEMENT, values);
    return row ?? null;
  }
}
