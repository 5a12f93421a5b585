import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';

/** The id of an application that a path names by id or uid. @throws EntityNotFound */
export class ResolveApplication extends Query<{ id: string }> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: string,
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
    const [row] = IDENTIFIER.test(idOrUid) ? await this.sql.run<{ id: string }>(STATEMENT, [organizationId, idOrUid]) : [];
    if (!row) throw new EntityNotFound();
    return row;
  }
}
