import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { ORGANIZATION_COLUMNS, type OrganizationRow, organizationView, type OrganizationView } from './organization-view';

/** For one of its members. */
export class GetOrganization extends Query<OrganizationView> {
  constructor(
    readonly organizationId: string,
    readonly userId: string,
  ) {
    super();
  }
}

const STATEMENT = `
  SELECT ${ORGANIZATION_COLUMNS}
    FROM member m JOIN organization o ON o.id = m.organization_id
   WHERE m.organization_id = $1 AND m.user_id = $2`;

@QueryHandler(GetOrganization)
export class GetOrganizationHandler implements IQueryHandler<GetOrganization> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  /** @throws EntityNotFound */
  async execute({ organizationId, userId }: GetOrganization): Promise<OrganizationView> {
    const [row] = await this.sql.run<OrganizationRow>(STATEMENT, [organizationId, userId]);
    if (!row) throw new EntityNotFound();
    return organizationView(this.cipher, row);
  }
}
