import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { applicationKey, type ApplicationRef } from '../../applications';
import { ENDPOINT_BY_PATH } from './endpoint-view';

export type TransformationView = {
  readonly code: string | null;
  readonly enabled: boolean;
  readonly variables: Readonly<Record<string, string>> | null;
  /** Null where there never was any. */
  readonly updatedAt: Date | null;
};

/** The code that changes the messages of an endpoint. @throws EntityNotFound */
export class GetTransformation extends Query<TransformationView> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
  ) {
    super();
  }
}

const STATEMENT = { name: 'endpoint.transformation', text: `SELECT e.id, e.transformation ${ENDPOINT_BY_PATH}` };
const NONE: TransformationView = { code: null, enabled: false, variables: null, updatedAt: null };

@QueryHandler(GetTransformation)
export class GetTransformationHandler implements IQueryHandler<GetTransformation> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, application, endpoint }: GetTransformation): Promise<TransformationView> {
    const key = applicationKey(organizationId, application);
    const possible = key !== null && IDENTIFIER.test(endpoint);
    const [row] = possible
      ? await this.sql.run<{ id: string; transformation: Buffer | null }>(STATEMENT, [organizationId, key, endpoint])
      : [];
    if (!row) throw new EntityNotFound();
    if (!row.transformation) return NONE;
    type Stored = Omit<TransformationView, 'updatedAt'> & { readonly updatedAt: string };
    const stored = await this.cipher.openJson<Stored>(columnContext('endpoint', 'transformation', row.id), row.transformation);
    return { ...stored, updatedAt: new Date(stored.updatedAt) };
  }
}
