import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { INVITATION_COLUMNS, type InvitationRow, invitationView, type InvitationView } from './invitation-view';

export class GetInvitation extends Query<InvitationView> {
  constructor(
    readonly organizationId: string,
    readonly invitationId: string,
  ) {
    super();
  }
}

const STATEMENT = `SELECT ${INVITATION_COLUMNS} FROM invitation WHERE organization_id = $1 AND id = $2`;

@QueryHandler(GetInvitation)
export class GetInvitationHandler implements IQueryHandler<GetInvitation> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  /** @throws EntityNotFound */
  async execute({ organizationId, invitationId }: GetInvitation): Promise<InvitationView> {
    const [row] = await this.sql.run<InvitationRow>(STATEMENT, [organizationId, invitationId]);
    if (!row) throw new EntityNotFound();
    return invitationView(this.cipher, row);
  }
}
