import type { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';

export type ApplicationView = {
  readonly id: string;
  readonly uid: string | null;
  readonly name: string;
  readonly throttleRate: number | null;
  /** Former name of `throttleRate`, which older clients read. */
  readonly rateLimit: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type ApplicationRow = {
  id: string;
  uid: string | null;
  name: Buffer;
  metadata: Buffer;
  throttle_rate: number | null;
  created_at: Date;
  updated_at: Date;
};

export const APPLICATION_COLUMNS = 'id, uid, name, metadata, throttle_rate, created_at, updated_at';

export async function applicationView(cipher: Cipher, row: ApplicationRow): Promise<ApplicationView> {
  const [name, metadata] = await Promise.all([
    cipher.openJson<string>(columnContext('application', 'name', row.id), row.name),
    cipher.openJson<Record<string, string>>(columnContext('application', 'metadata', row.id), row.metadata),
  ]);
  const { id, uid, throttle_rate: throttleRate, created_at: createdAt, updated_at: updatedAt } = row;
  return { id, uid, name, throttleRate, rateLimit: throttleRate, metadata, createdAt, updatedAt };
}
