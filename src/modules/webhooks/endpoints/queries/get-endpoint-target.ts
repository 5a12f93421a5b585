import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { Clock } from '../../../../platform/time/clock';
import { applicationKey, type ApplicationRef } from '../../applications';
import { type StoredSecret, validKeys } from '../stored-secret';
import { ENDPOINT_BY_PATH } from './endpoint-view';

type EndpointTarget = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Keys that sign, the current one first. */
  readonly keys: readonly string[];
};

/** Where an endpoint is reached, and how requests to it are signed. Not for the eyes of callers. @throws EntityNotFound */
export class GetEndpointTarget extends Query<EndpointTarget> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
  ) {
    super();
  }
}

const STATEMENT = { name: 'endpoint.target', text: `SELECT e.id, e.url, e.headers, e.secrets ${ENDPOINT_BY_PATH}` };

type Column = 'url' | 'headers' | 'secrets';
type Row = { id: string } & Record<Column, Buffer>;

@QueryHandler(GetEndpointTarget)
export class GetEndpointTargetHandler implements IQueryHandler<GetEndpointTarget> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, application, endpoint }: GetEndpointTarget): Promise<EndpointTarget> {
    const key = applicationKey(organizationId, application);
    const possible = key !== null && IDENTIFIER.test(endpoint);
    const [row] = possible ? await this.sql.run<Row>(STATEMENT, [organizationId, key, endpoint]) : [];
    if (!row) throw new EntityNotFound();
    const open = <T>(column: Column) => this.cipher.openJson<T>(columnContext('endpoint', column, row.id), row[column]);
    const keys = validKeys(await open<StoredSecret[]>('secrets'), this.clock.now());
    return { url: await open<string>('url'), headers: await open<Record<string, string>>('headers'), keys };
  }
}
