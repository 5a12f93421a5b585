import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { Clock } from '../../../../platform/time/clock';
import type { Receiver } from '../domain/claimed-delivery';

const RECEIVERS = {
  name: 'delivery.receivers',
  text: 'SELECT id, version, url, headers, secrets, timeout_ms, retry_schedule FROM endpoint WHERE id = ANY ($1::text[])',
};

type Row = {
  id: string;
  version: number;
  url: Buffer;
  headers: Buffer;
  secrets: Buffer;
  timeout_ms: number | null;
  retry_schedule: number[] | null;
};
type StoredSecret = { readonly key: string; readonly expiresAt: string | null };
type OpenedEndpoint = Omit<Receiver, 'keys'> & { readonly version: number; readonly secrets: readonly StoredSecret[] };

/** Endpoints as the sender needs them. Whoever leases a delivery reads the version of its endpoint, so a change counts at once; the rest is remembered by it. */
@Injectable()
export class Receivers {
  private readonly opened = new LRUCache<string, OpenedEndpoint>({ max: 10_000 });

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  /** @param versions by endpoint, as they were just read. @returns those that there still are */
  async of(versions: ReadonlyMap<string, number>): Promise<Map<string, Receiver>> {
    const known = new Map<string, OpenedEndpoint>();
    const unknown: string[] = [];
    for (const [id, version] of versions) {
      const opened = this.opened.get(id);
      if (opened && opened.version >= version) known.set(id, opened);
      else unknown.push(id);
    }
    if (unknown.length > 0) {
      const rows = await this.sql.run<Row>(RECEIVERS, [unknown]);
      await Promise.all(rows.map(async (row) => known.set(row.id, await this.open(row))));
    }
    const now = this.clock.now();
    return new Map([...known].map(([id, opened]) => [id, receiver(opened, now)]));
  }

  private async open({ id, version, timeout_ms, retry_schedule, ...columns }: Row): Promise<OpenedEndpoint> {
    const open = <T>(column: 'url' | 'headers' | 'secrets') =>
      this.cipher.openJson<T>(columnContext('endpoint', column, id), columns[column]);
    const [url, headers, secrets] = await Promise.all([
      open<string>('url'),
      open<Record<string, string>>('headers'),
      open<StoredSecret[]>('secrets'),
    ]);
    const opened = { version, url, headers, secrets, timeoutMs: timeout_ms, retrySchedule: retry_schedule };
    this.opened.set(id, opened);
    return opened;
  }
}

function receiver({ url, headers, secrets, timeoutMs, retrySchedule }: OpenedEndpoint, now: Date): Receiver {
  const keys = secrets.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now).map(({ key }) => key);
  return { url, headers, keys, timeoutMs, retrySchedule };
}
