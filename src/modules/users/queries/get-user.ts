import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';
import { Sql } from '../../../platform/database/sql';
import { UserNotFound } from '../domain/user.errors';

export type UserView = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
};

type UserRow = { id: string; name: Buffer; email: Buffer; emailVerified: boolean; createdAt: Date };

export class GetUser extends Query<UserView> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(GetUser)
export class GetUserHandler implements IQueryHandler<GetUser> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ userId }: GetUser): Promise<UserView> {
    const [row] = await this.sql.run<UserRow>(
      `SELECT id, name, email, email_verified_at IS NOT NULL AS "emailVerified", created_at AS "createdAt"
         FROM user_account WHERE id = $1`,
      [userId],
    );
    if (!row) throw new UserNotFound(userId);
    const [name, email] = await Promise.all([
      this.cipher.openJson<string>(columnContext('user_account', 'name', row.id), row.name),
      this.cipher.openJson<string>(columnContext('user_account', 'email', row.id), row.email),
    ]);
    return { ...row, name, email };
  }
}
