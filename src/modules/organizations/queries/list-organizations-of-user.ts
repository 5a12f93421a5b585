import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Role } from '../../../platform/access/permission';
import { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { Sql } from '../../../platform/database/sql';

export type OrganizationOfUserView = { readonly id: string; readonly name: string; readonly role: Role };

type OrganizationRow = { id: string; name: Buffer; role: Role };

/** In the order of joining. */
export class ListOrganizationsOfUser extends Query<OrganizationOfUserView[]> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(ListOrganizationsOfUser)
export class ListOrganizationsOfUserHandler implements IQueryHandler<ListOrganizationsOfUser> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ userId }: ListOrganizationsOfUser): Promise<OrganizationOfUserView[]> {
    const rows = await this.sql.run<OrganizationRow>(
      `SELECT o.id, o.name, m.role
         FROM member m JOIN organization o ON o.id = m.organization_id
        WHERE m.user_id = $1
        ORDER BY m.id`,
      [userId],
    );
    return Promise.all(
      rows.map(async (row) => ({
        ...row,
        name: await this.cipher.openJson<string>(columnContext('organization', 'name', row.id), row.name),
      })),
    );
  }
}
