import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BackgroundLoop } from '../../../platform/background/background-loop';
import { Cipher } from '../../../platform/crypto/cipher';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { type RunStatement, Sql } from '../../../platform/database/sql';
import { chainOf, detailsHash, ENTRY_COLUMNS, type EntryRow, type Link, nextLink } from '../audit-chain';

const BATCH = 500;
const INTERVAL_MS = 1_000;
/** Of whoever moves the ends of chains, one at a time: any number that nobody else uses. */
export const SEALER_LOCK = 7_406_012;

type Seal = { readonly chain: string; readonly entryId: string; readonly details: Buffer | null; readonly link: NonNullable<Link> };

/**
 * Appends new entries to the hash chains of their organizations. Not in the transaction of the change: changes of one
 * organization would have to wait for each other.
 */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new BackgroundLoop({
    name: 'audit-sealer',
    intervalMs: INTERVAL_MS,
    work: () => this.sealBatch(),
    logger: new Logger(AuditSealer.name),
  });

  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly lookup: LookupHash,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** @returns whether there may be more to seal */
  sealBatch(): Promise<boolean> {
    return this.sql.transaction(async (run) => {
      const [lock] = await run<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [SEALER_LOCK]);
      if (!lock?.mine) return false;
      const entries = await run<EntryRow>(
        `SELECT ${ENTRY_COLUMNS} FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry_id ORDER BY u.entry_id LIMIT $1`,
        [BATCH],
      );
      if (entries.length === 0) return false;
      await this.append(run, await this.seals(run, entries));
      return entries.length === BATCH;
    });
  }

  private async seals(run: RunStatement, entries: readonly EntryRow[]): Promise<Seal[]> {
    const heads = await headsOf(run, [...new Set(entries.map(chainOf))]);
    const seals: Seal[] = [];
    for (const entry of entries) {
      const chain = chainOf(entry);
      const details = await detailsHash(this.lookup, this.cipher, entry);
      const link = nextLink(this.lookup, heads.get(chain) ?? null, entry, details);
      heads.set(chain, link);
      seals.push({ chain, entryId: entry.id, details, link });
    }
    return seals;
  }

  private async append(run: RunStatement, seals: readonly Seal[]): Promise<void> {
    await run(
      `WITH sealed AS (
         INSERT INTO audit_seal (chain, sequence, entry_id, details_hash, hash)
         SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[])
       )
       DELETE FROM audit_unsealed WHERE entry_id = ANY ($3::text[])`,
      [
        seals.map(({ chain }) => chain),
        seals.map(({ link }) => link.sequence),
        seals.map(({ entryId }) => entryId),
        seals.map(({ details }) => details),
        seals.map(({ link }) => link.hash),
      ],
    );
  }
}

async function headsOf(run: RunStatement, chains: readonly string[]): Promise<Map<string, Link>> {
  const rows = await run<{ chain: string; sequence: string; hash: Buffer }>(
    `SELECT head.chain, head.sequence, head.hash
       FROM unnest($1::text[]) AS c (chain)
      CROSS JOIN LATERAL (
        (SELECT chain, sequence, hash FROM audit_seal s WHERE s.chain = c.chain ORDER BY sequence DESC LIMIT 1)
         UNION ALL
        SELECT chain, sequence, hash FROM audit_anchor a WHERE a.chain = c.chain
         ORDER BY sequence DESC LIMIT 1
      ) head`,
    [chains],
  );
  return new Map(rows.map(({ chain, sequence, hash }) => [chain, { sequence: Number(sequence), hash }]));
}
