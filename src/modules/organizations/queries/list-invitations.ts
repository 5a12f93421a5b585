import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../platform/http/list-page';
import { INVITATION_COLUMNS, type InvitationRow, invitationView, type InvitationView } from './invitation-view';

/** Open ones, and those that expired and could be sent again. */
export class ListInvitations extends Query<ListPage<InvitationView>> {
  constructor(
    readonly organizationId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'invitation.list',
  (beyond, direction) => `
    SELECT ${INVITATION_COLUMNS} FROM invitation
     WHERE organization_id = $1 AND id ${beyond} $2
     ORDER BY id ${direction} LIMIT $3`,
);

@QueryHandler(ListInvitations)
export class ListInvitationsHandler implements IQueryHandler<ListInvitations> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, page }: ListInvitations): Promise<ListPage<InvitationView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<InvitationRow>(STATEMENT[way], [organizationId, cursor, take]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      (row) => invitationView(this.cipher, row),
    );
  }
}
