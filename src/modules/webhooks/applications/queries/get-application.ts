import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { APPLICATION_COLUMNS, type ApplicationRow, applicationView, type ApplicationView } from './application-view';

/** @throws EntityNotFound */
export class GetApplication extends Query<ApplicationView> {
  constructor(
    readonly organizationId: string,
    readonly idOrUid: string,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'application.get',
  text: `SELECT ${APPLICATION_COLUMNS} FROM application WHERE organization_id = $1 AND (id = $2 OR uid = $2) AND deleted_at IS NULL`,
};

@QueryHandler(GetApplication)
export class GetApplicationHandler implements IQueryHandler<GetApplication> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, idOrUid }: GetApplication): Promise<ApplicationView> {
    const [row] = IDENTIFIER.test(idOrUid) ? await this.sql.run<ApplicationRow>(STATEMENT, [organizationId, idOrUid]) : [];
    if (!row) throw new EntityNotFound();
    return applicationView(this.cipher, row);
  }
}
