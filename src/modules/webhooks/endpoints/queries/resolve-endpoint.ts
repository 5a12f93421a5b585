import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { applicationKey, type ApplicationRef } from '../../applications';
import { ENDPOINT_BY_PATH } from './endpoint-view';

/** The ids of an endpoint and its application, which a path names by id or uid. @throws EntityNotFound */
export class ResolveEndpoint extends Query<{ id: string; applicationId: string }> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
  ) {
    super();
  }
}

const STATEMENT = { name: 'endpoint.resolve', text: `SELECT e.id, e.application_id AS "applicationId" ${ENDPOINT_BY_PATH}` };

@QueryHandler(ResolveEndpoint)
export class ResolveEndpointHandler implements IQueryHandler<ResolveEndpoint> {
  constructor(private readonly sql: Sql) {}

  async execute({ organizationId, application, endpoint }: ResolveEndpoint): Promise<{ id: string; applicationId: string }> {
    const key = applicationKey(organizationId, application);
    const possible = key !== null && IDENTIFIER.test(endpoint);
    const [row] = possible ? await this.sql.run<{ id: string; applicationId: string }>(STATEMENT, [organizationId, key, endpoint]) : [];
    if (!row) throw new EntityNotFound();
    return row;
  }
}
