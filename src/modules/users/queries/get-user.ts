import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { Sql } from '../../../platform/database/sql';
import { UserNotFound } from '../domain/user.errors';
import { USER_COLUMNS, type UserRow, userView, type UserView } from './user-view';

export class GetUser extends Query<UserView> {
  constructor(readonly userId: string) {
    super();
  }
}

const STATEMENT = `SELECT ${USER_COLUMNS} FROM user_account WHERE id = $1`;

@QueryHandler(GetUser)
export class GetUserHandler implements IQueryHandler<GetUser> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ userId }: GetUser): Promise<UserView> {
    const [row] = await this.sql.run<UserRow>(STATEMENT, [userId]);
    if (!row) throw new UserNotFound(userId);
    return userView(this.cipher, row);
  }
}
