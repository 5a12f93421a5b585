import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { applicationKey, type ApplicationRef, OPERATIONAL, operationalApplicationId } from '../application-ref';

/** The id of an application that somebody names. The hidden one has its id before it is made. @throws EntityNotFound */
export class ResolveApplication extends Query<{ id: string }> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: ApplicationRef,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'application.resolve',
  text: 'SELECT id FROM application WHERE organization_id = $1 AND (id = $2 OR uid = $2) AND deleted_at IS NULL',
};

@QueryHandler(ResolveApplication)
export class ResolveApplicationHandler implements IQueryHandler<ResolveApplication> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, idOrUid }: ResolveApplication): Promise<{ id: string }> {
    if (idOrUid === OPERATIONAL) return { id: operationalApplicationId(organizationId) };
    const key = applicationKey(organizationId, idOrUid);
    const [row] = key === null ? [] : await this.sql.run<{ id: string }>(STATEMENT, [organizationId, key]);
    if (!row) throw new EntityNotFound();
    return row;
  }
}
