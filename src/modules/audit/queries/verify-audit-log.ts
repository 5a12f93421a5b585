import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';
import { equalsInConstantTime } from '../../../platform/crypto/constant-time';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { type RunStatement, Sql } from '../../../platform/database/sql';
import { anchorProof, chainOf, detailsHash, ENTRY_COLUMNS, type EntryRow, type Link, nextLink, SYSTEM_CHAIN } from '../audit-chain';

export type Breach = {
  readonly entryId: string;
  /** `missing`: sealed, and gone. `changed`: not what was sealed. `inserted`: never went through the log. */
  readonly kind: 'missing' | 'changed' | 'inserted';
};

export type ChainReport = {
  readonly chain: string;
  /** All that there ever were. */
  readonly entries: number;
  /** The first so many of them were deleted, because they were too old. */
  readonly cut: number;
  /** Of the last entry: kept elsewhere, it also proves that the end of the chain was not cut off. Null for an empty chain. */
  readonly head: string | null;
  /** Entries whose details cannot be read any more: their organization was erased. */
  readonly unreadable: number;
  /** The first one, in the order of the chain. */
  readonly breach: Breach | null;
};

/** Recomputes the hash chain of every organization, or of one, and of the system. */
export class VerifyAuditLog extends Query<ChainReport[]> {
  constructor(readonly chain: string | null) {
    super();
  }
}

type SealRow = { readonly sequence: string; readonly entry_id: string; readonly details_hash: Buffer | null; readonly hash: Buffer } & (
  | EntryRow
  | { readonly id: null }
);

const PAGE = 1_000;
/** Somebody else has cut the chain. */
const FORGED: Breach = { entryId: 'anchor', kind: 'changed' };

const SEALS = {
  name: 'audit.seals',
  text: `SELECT s.sequence, s.entry_id, s.details_hash, s.hash, ${ENTRY_COLUMNS}
           FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id
          WHERE s.chain = $1 AND s.sequence > $2 ORDER BY s.sequence LIMIT $3`,
};

/** Looks at a page of the entries of a chain: is there one with no seal, which nobody has promised to seal either? */
const inserted = (name: string, ofChain: string) => ({
  name: `audit.inserted_${name}`,
  text: `WITH page AS (SELECT id FROM audit_entry WHERE ${ofChain} AND id > $1 ORDER BY id LIMIT $2)
         SELECT max(id) AS last,
                min(id) FILTER (WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = page.id)
                                  AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.entry_id = page.id)) AS inserted
           FROM page`,
});
const INSERTED_IN_TENANT = inserted('in_tenant', 'organization_id = $3');
const INSERTED_IN_SYSTEM = inserted('in_system', 'organization_id IS NULL AND $3::text IS NULL');

/** Loose index scans: a step for each chain, however long it is. */
const CHAINS = `
  WITH RECURSIVE sealed AS (
    SELECT min(chain) AS chain FROM audit_seal
     UNION ALL
    SELECT (SELECT min(s.chain) FROM audit_seal s WHERE s.chain > sealed.chain) FROM sealed WHERE sealed.chain IS NOT NULL
  ), tenant AS (
    SELECT min(organization_id) AS id FROM audit_entry
     UNION ALL
    SELECT (SELECT min(e.organization_id) FROM audit_entry e WHERE e.organization_id > tenant.id) FROM tenant WHERE tenant.id IS NOT NULL
  )
  SELECT chain FROM sealed WHERE chain IS NOT NULL
   UNION SELECT id FROM tenant WHERE id IS NOT NULL
   UNION SELECT chain FROM audit_anchor
   UNION SELECT $1
   ORDER BY 1`;

@QueryHandler(VerifyAuditLog)
export class VerifyAuditLogHandler implements IQueryHandler<VerifyAuditLog> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly lookup: LookupHash,
  ) {}

  async execute({ chain }: VerifyAuditLog): Promise<ChainReport[]> {
    const chains = chain === null ? (await this.sql.run<{ chain: string }>(CHAINS, [SYSTEM_CHAIN])).map((row) => row.chain) : [chain];
    const reports: ChainReport[] = [];
    for (const each of chains) reports.push(await this.verify(each));
    return reports;
  }

  /** In one snapshot: the log goes on meanwhile. */
  private verify(chain: string): Promise<ChainReport> {
    return this.sql.transaction(async (run) => {
      await run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const [erased] = await run(`SELECT 1 FROM audit_entry WHERE organization_id = $1 AND action = 'organization.erased' LIMIT 1`, [
        chain,
      ]);
      const anchor = await this.anchorOf(run, chain);
      const { link, unreadable, breach } = await this.walk(run, chain, anchor === 'forged' ? null : anchor, erased !== undefined);
      return {
        chain,
        entries: link?.sequence ?? 0,
        cut: anchor === 'forged' ? 0 : (anchor?.sequence ?? 0),
        head: link?.hash.toString('hex') ?? null,
        unreadable,
        breach: (anchor === 'forged' ? FORGED : breach) ?? (await missingUnsealed(run, chain)) ?? (await insertedEntry(run, chain)),
      };
    });
  }

  private async anchorOf(run: RunStatement, chain: string): Promise<Link | 'forged'> {
    const [row] = await run<{ sequence: string; hash: Buffer; proof: Buffer }>(
      'SELECT sequence, hash, proof FROM audit_anchor WHERE chain = $1',
      [chain],
    );
    if (!row) return null;
    const anchor = { sequence: Number(row.sequence), hash: row.hash };
    return equalsInConstantTime(row.proof, anchorProof(this.lookup, chain, anchor)) ? anchor : 'forged';
  }

  /** @param anchor behind which the chain goes on */
  private async walk(run: RunStatement, chain: string, anchor: Link, erased: boolean) {
    let [link, unreadable, breach]: [Link, number, Breach | null] = [anchor, 0, null];
    // What lies before the anchor is none of ours either.
    for (let after = 0; ; after = link?.sequence ?? 0) {
      const page: SealRow[] = await run<SealRow>(SEALS, [chain, after, PAGE]);
      for (const row of page) {
        const found = await this.check(chain, link, row, erased);
        if (found === 'unreadable') unreadable++;
        else if (found !== 'good') breach ??= { entryId: row.entry_id, kind: found };
        link = { sequence: Number(row.sequence), hash: row.hash };
      }
      if (page.length < PAGE) return { link, unreadable, breach };
    }
  }

  private async check(
    chain: string,
    previous: Link,
    row: SealRow,
    erased: boolean,
  ): Promise<'good' | 'unreadable' | 'missing' | 'changed'> {
    if (row.id === null) return 'missing';
    const clear = await detailsHash(this.lookup, this.cipher, row);
    // Read too late by the sealer, or by us: another process may remember the key of an organization a little longer.
    const isUnreadable = row.details !== null && (clear === null || row.details_hash === null);
    if (isUnreadable && !erased) return 'changed';
    const { sequence, hash } = nextLink(this.lookup, previous, row, isUnreadable ? row.details_hash : clear);
    if (chainOf(row) !== chain || sequence !== Number(row.sequence) || !hash.equals(row.hash)) return 'changed';
    return isUnreadable ? 'unreadable' : 'good';
  }
}

async function missingUnsealed(run: RunStatement, chain: string): Promise<Breach | null> {
  const [row] = await run<{ entry_id: string }>(
    `SELECT entry_id FROM audit_unsealed u
      WHERE chain = $1 AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.id = u.entry_id)
      ORDER BY entry_id LIMIT 1`,
    [chain],
  );
  return row ? { entryId: row.entry_id, kind: 'missing' } : null;
}

async function insertedEntry(run: RunStatement, chain: string): Promise<Breach | null> {
  const statement = chain === SYSTEM_CHAIN ? INSERTED_IN_SYSTEM : INSERTED_IN_TENANT;
  const tenant = chain === SYSTEM_CHAIN ? null : chain;
  for (let last: string | null = ''; ;) {
    const [page]: { last: string | null; inserted: string | null }[] = await run(statement, [last, PAGE, tenant]);
    if (page?.inserted) return { entryId: page.inserted, kind: 'inserted' };
    last = page?.last ?? null;
    if (last === null) return null;
  }
}
