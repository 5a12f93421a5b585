import type { Role } from '../../../platform/access/permission';
import type { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';

/** An organization as one of its members sees it. */
export type OrganizationView = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  readonly eraseAt: Date | null;
};

export type OrganizationRow = Omit<OrganizationView, 'name'> & { readonly name: Buffer };

export const ORGANIZATION_COLUMNS = `o.id, o.name, m.role, o.created_at AS "createdAt", o.updated_at AS "updatedAt",
  o.deleted_at AS "deletedAt", o.erase_at AS "eraseAt"`;

export async function organizationView(cipher: Cipher, row: OrganizationRow): Promise<OrganizationView> {
  return { ...row, name: await cipher.openJson<string>(columnContext('organization', 'name', row.id), row.name) };
}
