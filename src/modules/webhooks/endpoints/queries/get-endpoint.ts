import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { applicationKey, type ApplicationRef } from '../../applications';
import { ENDPOINT_BY_PATH, ENDPOINT_COLUMNS, type EndpointRow, endpointView, type EndpointView } from './endpoint-view';

/** @throws EntityNotFound */
export class GetEndpoint extends Query<EndpointView> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
  ) {
    super();
  }
}

const STATEMENT = { name: 'endpoint.get', text: `SELECT ${ENDPOINT_COLUMNS} ${ENDPOINT_BY_PATH}` };

@QueryHandler(GetEndpoint)
export class GetEndpointHandler implements IQueryHandler<GetEndpoint> {
  private readonly delivery: Config['delivery'];

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    this.delivery = delivery;
  }

  async execute({ organizationId, application, endpoint }: GetEndpoint): Promise<EndpointView> {
    const key = applicationKey(organizationId, application);
    const possible = key !== null && IDENTIFIER.test(endpoint);
    const [row] = possible ? await this.sql.run<EndpointRow>(STATEMENT, [organizationId, key, endpoint]) : [];
    if (!row) throw new EntityNotFound();
    return endpointView(this.cipher, row, this.delivery);
  }
}
