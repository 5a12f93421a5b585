import type { Role } from '../../../platform/access/permission';
import type { UserView } from '../../users';

export type MemberView = {
  /** The user's. */
  readonly id: string;
  /** Null for a moment, when the account was erased and its membership is about to be. */
  readonly name: string | null;
  readonly email: string | null;
  readonly role: Role;
  readonly joinedAt: Date;
};

export type MemberRow = Omit<MemberView, 'name' | 'email'>;

export const MEMBER_COLUMNS = 'user_id AS id, role, created_at AS "joinedAt"';

export function memberView(row: MemberRow, users: readonly UserView[]): MemberView {
  const user = users.find(({ id }) => id === row.id);
  return { ...row, name: user?.name ?? null, email: user?.email ?? null };
}
