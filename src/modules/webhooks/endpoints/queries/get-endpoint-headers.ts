import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import type { ApplicationRef } from '../../applications';
import { isSensitiveHeader } from '../sensitive-headers';
import { ResolveEndpoint } from './resolve-endpoint';

export type EndpointHeadersView = {
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers that are credentials by their name: their values are not shown again. */
  readonly sensitive: readonly string[];
};

/** @throws EntityNotFound */
export class GetEndpointHeaders extends Query<EndpointHeadersView> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
  ) {
    super();
  }
}

@QueryHandler(GetEndpointHeaders)
export class GetEndpointHeadersHandler implements IQueryHandler<GetEndpointHeaders> {
  constructor(
    private readonly queries: QueryBus,
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, application, endpoint }: GetEndpointHeaders): Promise<EndpointHeadersView> {
    const { id } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    const [row] = await this.sql.run<{ headers: Buffer }>('SELECT headers FROM endpoint WHERE organization_id = $1 AND id = $2', [
      organizationId,
      id,
    ]);
    if (!row) throw new EntityNotFound();
    const headers = Object.entries(
      await this.cipher.openJson<Record<string, string>>(columnContext('endpoint', 'headers', id), row.headers),
    );
    const isSensitive = ([name]: [string, string]) => isSensitiveHeader(name);
    return {
      headers: Object.fromEntries(headers.filter((header) => !isSensitive(header))),
      sensitive: headers.filter(isSensitive).map(([name]) => name),
    };
  }
}
