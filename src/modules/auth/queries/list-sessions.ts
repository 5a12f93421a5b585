import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { Sql } from '../../../platform/database/sql';
import { bothWays, type ListPage, listPage, type PageRequest, seek } from '../../../platform/http/list-page';

export type SessionView = {
  readonly id: string;
  /** The one that asks. */
  readonly current: boolean;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  readonly expiresAt: Date;
};

type SessionRow = Omit<SessionView, 'current' | 'userAgent' | 'address'> & { readonly device: Buffer };

/** The sessions of a person that are open, newest first. */
export class ListSessions extends Query<ListPage<SessionView>> {
  constructor(
    readonly userId: string,
    readonly currentId: string | null,
    readonly page: PageRequest,
  ) {
    super();
  }
}

const STATEMENT = bothWays(
  'session.list',
  (beyond, direction) => `
    SELECT id, device, created_at AS "createdAt", refreshed_at AS "refreshedAt", expires_at AS "expiresAt"
      FROM session
     WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now() AND id ${beyond} $2
     ORDER BY id ${direction} LIMIT $3`,
);

@QueryHandler(ListSessions)
export class ListSessionsHandler implements IQueryHandler<ListSessions> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ userId, currentId, page }: ListSessions): Promise<ListPage<SessionView>> {
    const { way, cursor, take } = seek(page);
    const rows = await this.sql.run<SessionRow>(STATEMENT[way], [userId, cursor, take]);
    return listPage(
      rows,
      page,
      ({ id }) => id,
      async ({ device, ...row }) => ({
        ...row,
        ...(await this.cipher.openJson<Pick<SessionView, 'userAgent' | 'address'>>(columnContext('session', 'device', row.id), device)),
        current: row.id === currentId,
      }),
    );
  }
}
