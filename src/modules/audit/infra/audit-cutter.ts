import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { BackgroundLoop } from '../../../platform/background/background-loop';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { partitionsBefore } from '../../../platform/database/partitions';
import { Sql } from '../../../platform/database/sql';
import { firstIdAt } from '../../../platform/ids/id';
import { dropDay, unlessGone } from '../../../platform/retention/drop-day';
import { HELD } from '../../../platform/retention/legal-hold';
import { RetentionMetrics } from '../../../platform/retention/retention-metrics';
import { todayOf } from '../../../platform/retention/today';
import { anchorProof } from '../audit-chain';
import { VerifyAuditLog } from '../queries/verify-audit-log';
import { SEALER_LOCK } from './audit-sealer';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHUNK = 500;

type Seal = { readonly sequence: string; readonly entry_id: string; readonly hash: Buffer };

/** Chains, but those that are held, whose first entry is older than $1. */
const DUE = `
  WITH RECURSIVE sealed AS (
    SELECT min(chain) AS chain FROM audit_seal
     UNION ALL
    SELECT (SELECT min(s.chain) FROM audit_seal s WHERE s.chain > sealed.chain) FROM sealed WHERE sealed.chain IS NOT NULL
  )
  SELECT chain FROM sealed
   WHERE chain IS NOT NULL AND chain NOT IN ${HELD}
     AND (SELECT entry_id FROM audit_seal s WHERE s.chain = sealed.chain ORDER BY sequence LIMIT 1) < $1`;

/**
 * Cuts what is too old off the beginning of the hash chains. The last link that goes is kept as the anchor of what stays, with a
 * proof that it was us: so the rest is verified as before, and nobody else can cut. A chain that does not verify is left as it is.
 */
@Injectable()
export class AuditCutter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AuditCutter.name);
  private readonly days: number;
  private readonly loop = new BackgroundLoop({
    name: 'audit-retention',
    intervalMs: HOUR_MS,
    work: () => this.apply().then(() => false),
    logger: this.logger,
  });

  constructor(
    private readonly sql: Sql,
    private readonly lookup: LookupHash,
    private readonly queries: QueryBus,
    private readonly metrics: RetentionMetrics,
    @Inject(CONFIG) { retention }: Config,
  ) {
    this.days = retention.auditDays;
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** @param today for simulations @returns how many entries are gone */
  async apply(today: Date | null = null): Promise<number> {
    if (this.days === 0) return 0;
    const before = new Date((today ?? (await todayOf(this.sql))).getTime() - this.days * DAY_MS);
    const limit = firstIdAt('aud', before);
    let entries = 0;
    for (const { chain } of await this.sql.run<{ chain: string }>(DUE, [limit])) entries += await this.cutChain(chain, limit);
    const partitions = await this.dropEmptyDays(before);
    this.metrics.deleted('rows', entries);
    this.metrics.deleted('partitions', partitions);
    if (entries > 0) this.logger.log({ entries, partitions }, 'old audit entries deleted');
    return entries;
  }

  private async cutChain(chain: string, limit: string): Promise<number> {
    const [report] = await this.queries.execute(new VerifyAuditLog(chain));
    if (report?.breach) {
      this.logger.error({ chain, entryId: report.breach.entryId }, 'audit log does not verify: nothing of this chain is deleted');
      return 0;
    }
    for (let total = 0; ;) {
      const cut = await this.cut(chain, limit);
      total += cut;
      if (cut < CHUNK) return total;
    }
  }

  /** Only from the beginning, up to the first one that is young enough: the others are linked to each other. */
  private cut(chain: string, limit: string): Promise<number> {
    return this.sql.transaction(async (run) => {
      // Nobody seals meanwhile: the last link of all may be the one that goes.
      await run('SELECT pg_advisory_xact_lock($1)', [SEALER_LOCK]);
      const seals = await run<Seal>(
        `SELECT sequence, entry_id, hash FROM audit_seal WHERE chain = $1 AND chain NOT IN ${HELD} ORDER BY sequence LIMIT $2`,
        [chain, CHUNK],
      );
      const young = seals.findIndex(({ entry_id: id }) => id >= limit);
      const old = young < 0 ? seals : seals.slice(0, young);
      const last = old.at(-1);
      if (!last) return 0;
      const ids = old.map(({ entry_id: id }) => id).sort();
      await run(
        `INSERT INTO audit_anchor (chain, sequence, hash, proof) VALUES ($1, $2, $3, $4)
         ON CONFLICT (chain) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, proof = excluded.proof, cut_at = now()`,
        [chain, last.sequence, last.hash, anchorProof(this.lookup, chain, { sequence: Number(last.sequence), hash: last.hash })],
      );
      await run('DELETE FROM audit_seal WHERE chain = $1 AND sequence <= $2', [chain, last.sequence]);
      // The bounds say which partitions hold them.
      await run('DELETE FROM audit_entry WHERE id = ANY ($1::text[]) AND id >= $2 AND id <= $3', [ids, ids.at(0), ids.at(-1)]);
      return old.length;
    });
  }

  private async dropEmptyDays(before: Date): Promise<number> {
    let dropped = 0;
    for (const { name } of await partitionsBefore((text, values) => this.sql.run(text, values), 'audit_entry', before)) {
      const any = `SELECT 1 FROM ${name} LIMIT 1`;
      if ((await this.sql.run(any).catch(unlessGone))?.length !== 0) continue;
      if (await dropDay(this.sql, 'audit_entry', name, () => Promise.resolve())) dropped++;
    }
    return dropped;
  }
}
