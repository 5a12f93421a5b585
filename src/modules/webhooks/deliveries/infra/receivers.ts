import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { Clock } from '../../../../platform/time/clock';
import type { ClaimedDelivery } from '../domain/claimed-delivery';
import { RECEIVERS } from './delivery-statements';

type Row = {
  id: string;
  version: number;
  url: Buffer;
  headers: Buffer;
  secrets: Buffer;
  timeout_ms: number | null;
  retry_schedule: number[] | null;
  disabled: boolean;
  deleted: boolean;
  closed: boolean;
};
type StoredSecret = { readonly key: string; readonly expiresAt: string | null };
type OpenedEndpoint = {
  readonly version: number;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly secrets: readonly StoredSecret[];
};

/** Endpoints as the sender needs them. The row is read each time, so a change counts at once; opening it is remembered by version. */
@Injectable()
export class Receivers {
  private readonly opened = new LRUCache<string, OpenedEndpoint>({ max: 10_000 });

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async of(endpointIds: readonly string[]): Promise<Map<string, ClaimedDelivery['receiver']>> {
    const rows = await this.sql.run<Row>(RECEIVERS, [endpointIds]);
    const entries = rows.map(async (row) => [row.id, await this.receiver(row)] as const);
    return new Map(await Promise.all(entries));
  }

  private async receiver(row: Row): Promise<ClaimedDelivery['receiver']> {
    if (row.closed) return 'closed';
    if (row.deleted) return 'deleted';
    if (row.disabled) return 'disabled';
    const { url, headers, secrets } = await this.open(row);
    const now = this.clock.now();
    const keys = secrets.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now).map(({ key }) => key);
    return { url, headers, keys, timeoutMs: row.timeout_ms, retrySchedule: row.retry_schedule };
  }

  private async open({ id, version, ...columns }: Row): Promise<OpenedEndpoint> {
    const known = this.opened.get(id);
    if (known?.version === version) return known;
    const open = <T>(column: 'url' | 'headers' | 'secrets') =>
      this.cipher.openJson<T>(columnContext('endpoint', column, id), columns[column]);
    const [url, headers, secrets] = await Promise.all([
      open<string>('url'),
      open<Record<string, string>>('headers'),
      open<StoredSecret[]>('secrets'),
    ]);
    const opened = { version, url, headers, secrets };
    this.opened.set(id, opened);
    return opened;
  }
}
