import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { EVENT_TYPE_COLUMNS, type EventTypeRow, eventTypeView, type EventTypeView, type FeatureFlags, visible } from './event-type-view';

/** @throws EntityNotFound */
export class GetEventType extends Query<EventTypeView> {
  constructor(
    readonly organizationId: string,
    readonly name: string,
    readonly featureFlags: FeatureFlags = null,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'event_type.get',
  text: `SELECT ${EVENT_TYPE_COLUMNS} FROM event_type WHERE organization_id = $1 AND name = $2 AND ${visible('$3')}`,
};

@QueryHandler(GetEventType)
export class GetEventTypeHandler implements IQueryHandler<GetEventType> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, name, featureFlags }: GetEventType): Promise<EventTypeView> {
    const [row] = IDENTIFIER.test(name) ? await this.sql.run<EventTypeRow>(STATEMENT, [organizationId, name, featureFlags]) : [];
    if (!row) throw new EntityNotFound();
    return eventTypeView(this.cipher, row);
  }
}
