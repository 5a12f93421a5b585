import type { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';

export type ApiKeyView = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[] | null;
  readonly prefix: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
};

export type ApiKeyRow = Omit<ApiKeyView, 'name'> & { readonly name: Buffer };

export const API_KEY_COLUMNS = `id, name, scopes, 'ph_' || environment || '_' AS prefix,
           created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"`;

export async function apiKeyView(cipher: Cipher, row: ApiKeyRow): Promise<ApiKeyView> {
  return { ...row, name: await cipher.openJson<string>(columnContext('api_key', 'name', row.id), row.name) };
}
