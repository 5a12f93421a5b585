import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { verificationKey } from '../../../../platform/crypto/webhook-key';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { EventRecorder } from '../../../../platform/events/event-recorder';
import type { ApplicationRef } from '../../applications';
import { EndpointSecretRead } from '../endpoints.events';
import { ResolveEndpoint } from './resolve-endpoint';

/** The key by which the receiver verifies: of a key pair the public half. Who asks is in the audit log. @throws EntityNotFound */
export class GetEndpointSecret extends Query<{ key: string }> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
  ) {
    super();
  }
}

@QueryHandler(GetEndpointSecret)
export class GetEndpointSecretHandler implements IQueryHandler<GetEndpointSecret> {
  constructor(
    private readonly queries: QueryBus,
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly events: EventRecorder,
  ) {}

  async execute({ organizationId, application, endpoint }: GetEndpointSecret): Promise<{ key: string }> {
    const { id } = await this.queries.execute(new ResolveEndpoint(organizationId, application, endpoint));
    const [row] = await this.sql.run<{ secrets: Buffer; applicationId: string }>(
      'SELECT secrets, application_id AS "applicationId" FROM endpoint WHERE organization_id = $1 AND id = $2',
      [organizationId, id],
    );
    const [current] = row ? await this.cipher.openJson<{ key: string }[]>(columnContext('endpoint', 'secrets', id), row.secrets) : [];
    if (!row || !current) throw new EntityNotFound();
    await this.events.record(EndpointSecretRead({ applicationId: row.applicationId, endpointId: id }), organizationId);
    return { key: verificationKey(current.key) };
  }
}
