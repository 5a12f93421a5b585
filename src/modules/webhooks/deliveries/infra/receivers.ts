import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { Clock } from '../../../../platform/time/clock';
import { type StoredSecret, validKeys } from '../../endpoints';
import type { Receiver } from '../domain/claimed-delivery';

const RECEIVERS = {
  name: 'delivery.receivers',
  text: 'SELECT id, version, url, headers, secrets, timeout_ms, retry_schedule, transformation FROM endpoint WHERE id = ANY ($1::text[])',
};

type Row = {
  id: string;
  version: number;
  url: Buffer;
  headers: Buffer;
  secrets: Buffer;
  timeout_ms: number | null;
  retry_schedule: number[] | null;
  transformation: Buffer | null;
};
type StoredTransformation = {
  readonly code: string | null;
  readonly enabled: boolean;
  readonly variables: Readonly<Record<string, string>> | null;
};
type OpenedEndpoint = Omit<Receiver, 'keys'> & { readonly version: number; readonly secrets: readonly StoredSecret[] };

/** Characters of code that are remembered, and about what an endpoint without any counts. */
const MAX_SIZE = 33_554_432;
const BASE_SIZE = 512;

/** Endpoints as the sender needs them. Whoever leases a delivery reads the version of its endpoint, so a change counts at once; the rest is remembered by it. */
@Injectable()
export class Receivers {
  private readonly opened = new LRUCache<string, OpenedEndpoint>({
    max: 10_000,
    maxSize: MAX_SIZE,
    sizeCalculation: ({ transformation }) => BASE_SIZE + (transformation?.code.length ?? 0),
  });

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

  private async open({ id, version, timeout_ms, retry_schedule, transformation, ...columns }: Row): Promise<OpenedEndpoint> {
    const open = <T>(column: 'url' | 'headers' | 'secrets') =>
      this.cipher.openJson<T>(columnContext('endpoint', column, id), columns[column]);
    const [url, headers, secrets, stored] = await Promise.all([
      open<string>('url'),
      open<Record<string, string>>('headers'),
      open<StoredSecret[]>('secrets'),
      transformation && this.cipher.openJson<StoredTransformation>(columnContext('endpoint', 'transformation', id), transformation),
    ]);
    const settings = { timeoutMs: timeout_ms, retrySchedule: retry_schedule, transformation: enabled(stored) };
    const opened = { version, url, headers, secrets, ...settings };
    this.opened.set(id, opened);
    return opened;
  }
}

function enabled(stored: StoredTransformation | null): Receiver['transformation'] {
  return stored?.enabled && stored.code !== null ? { code: stored.code, variables: stored.variables ?? {} } : null;
}

function receiver({ secrets, ...opened }: OpenedEndpoint, now: Date): Receiver {
  const keys = validKeys(secrets, now);
  const { url, headers, timeoutMs, retrySchedule, transformation } = opened;
  return { url, headers, keys, timeoutMs, retrySchedule, transformation };
}
