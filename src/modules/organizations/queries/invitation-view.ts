import type { Role } from '../../../platform/access/permission';
import type { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';

export type InvitationView = {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  /** User id. */
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

export type InvitationRow = Omit<InvitationView, 'email'> & { readonly email: Buffer };

export const INVITATION_COLUMNS = 'id, email, role, inviter_user_id AS "invitedBy", created_at AS "createdAt", expires_at AS "expiresAt"';

export async function invitationView(cipher: Cipher, row: InvitationRow): Promise<InvitationView> {
  return { ...row, email: await cipher.openJson<string>(columnContext('invitation', 'email', row.id), row.email) };
}
