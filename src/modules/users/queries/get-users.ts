import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { USER_COLUMNS, type UserRow, userView, type UserView } from './user-view';

/** Those of them that exist, in no order. */
export class GetUsers extends Query<UserView[]> {
  constructor(readonly userIds: readonly string[]) {
    super();
  }
}

const STATEMENT = `SELECT ${USER_COLUMNS} FROM user_account WHERE id = ANY ($1::text[])`;

@QueryHandler(GetUsers)
export class GetUsersHandler implements IQueryHandler<GetUsers> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ userIds }: GetUsers): Promise<UserView[]> {
    const rows = await this.sql.run<UserRow>(STATEMENT, [userIds]);
    return Promise.all(rows.map((row) => userView(this.cipher, row)));
  }
}
