import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../../platform/http/list-page';
import { type ApplicationRef, ResolveApplication } from '../../applications';
import { ENDPOINT_COLUMNS, type EndpointRow, endpointView, type EndpointView } from './endpoint-view';

export class ListEndpoints extends Query<ListPage<EndpointView>> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'endpoint.list',
  (beyond, direction) => `
    SELECT ${ENDPOINT_COLUMNS} FROM endpoint e
     WHERE e.organization_id = $1 AND e.application_id = $2 AND e.deleted_at IS NULL AND e.id ${beyond} $3
     ORDER BY e.id ${direction} LIMIT $4`,
);

@QueryHandler(ListEndpoints)
export class ListEndpointsHandler implements IQueryHandler<ListEndpoints> {
  private readonly delivery: Config['delivery'];

  constructor(
    private readonly queries: QueryBus,
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    this.delivery = delivery;
  }

  async execute({ organizationId, application, page }: ListEndpoints): Promise<ListPage<EndpointView>> {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<EndpointRow>(STATEMENT[way], [organizationId, applicationId, cursor, take]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => endpointView(this.cipher, row, this.delivery),
    );
  }
}
