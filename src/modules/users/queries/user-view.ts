import type { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';

export type UserView = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
};

export type UserRow = { id: string; name: Buffer; email: Buffer; emailVerified: boolean; createdAt: Date };

export const USER_COLUMNS = 'id, name, email, email_verified_at IS NOT NULL AS "emailVerified", created_at AS "createdAt"';

export async function userView(cipher: Cipher, row: UserRow): Promise<UserView> {
  const [name, email] = await Promise.all([
    cipher.openJson<string>(columnContext('user_account', 'name', row.id), row.name),
    cipher.openJson<string>(columnContext('user_account', 'email', row.id), row.email),
  ]);
  return { ...row, name, email };
}
