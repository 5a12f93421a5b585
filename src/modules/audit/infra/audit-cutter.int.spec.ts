import { Logger } from '@nestjs/common';
import type { QueryBus } from '@nestjs/cqrs';
import { openTestStore, type TestStore } from '../../../../test/support/store';
import type { Config } from '../../../config/env';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { ensurePartitions } from '../../../platform/database/partitions';
import { firstIdAt } from '../../../platform/ids/id';
import type { RetentionMetrics } from '../../../platform/retention/retention-metrics';
import { SYSTEM_CHAIN } from '../audit-chain';
import { VerifyAuditLog, VerifyAuditLogHandler } from '../queries/verify-audit-log';
import { AuditCutter } from './audit-cutter';
import { AuditSealer } from './audit-sealer';

const DAY_MS = 86_400_000;
const TODAY = new Date('2031-06-30');

describe('AuditCutter', () => {
  let db: TestStore;
  let n = 0;
  const lookup = new LookupHash(Buffer.alloc(32, 1));

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    db = await openTestStore();
  });
  afterEach(() => db.close());

  const metrics = { deleted: () => undefined } as unknown as RetentionMetrics;
  const handler = () => new VerifyAuditLogHandler(db.sql, db.cipher, lookup);
  const queries = () => ({ execute: (query: VerifyAuditLog) => handler().execute(query) }) as unknown as QueryBus;
  const cut = (auditDays = 400) => new AuditCutter(db.sql, lookup, queries(), metrics, { retention: { auditDays } } as Config).apply(TODAY);
  const verify = async (chain = 'org_1') => (await handler().execute(new VerifyAuditLog(chain)))[0]!;
  const seal = async () => {
    while (await new AuditSealer(db.sql, db.cipher, lookup).sealBatch());
  };

  /** An entry of that day, sealed. @returns its id */
  async function entry(days: number, organization: string | null = 'org_1', partition = true): Promise<string> {
    const at = new Date(TODAY.getTime() - days * DAY_MS);
    if (partition) await ensurePartitions((text, values) => db.dataSource.query(text, values), at);
    const id = firstIdAt('aud', new Date(at.getTime() + ++n * 1_000));
    await db.sql.run(
      `INSERT INTO audit_entry (id, organization_id, actor_kind, actor_id, action, object, result) VALUES ($1, $2, 'user', 'user_1', 'a', 'o', 'success')`,
      [id, organization],
    );
    await db.sql.run('INSERT INTO audit_unsealed (entry_id, chain) VALUES ($1, $2)', [id, organization ?? SYSTEM_CHAIN]);
    await seal();
    return id;
  }
  const kept = async () => (await db.sql.run<{ id: string }>('SELECT id FROM audit_entry ORDER BY id')).map(({ id }) => id);
  const days = async () =>
    (await db.sql.run(`SELECT 1 FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass AND inhrelid::regclass::text ~ '_20(29|30)'`))
      .length;

  it('deletes what is too old, and what stays verifies, now and after more was written', async () => {
    for (const old of [500, 499, 420]) await entry(old);
    const young = [await entry(300), await entry(1)];
    const before = await verify();
    expect(await cut()).toBe(3);
    expect(await kept()).toEqual(young);
    expect(await verify()).toEqual({ ...before, cut: 3 });
    await entry(0);
    expect(await verify()).toMatchObject({ entries: 6, cut: 3, breach: null });
    expect(await cut(200)).toBe(1);
    expect(await verify()).toMatchObject({ entries: 6, cut: 4, breach: null });
    expect(await cut(200)).toBe(0);
  });

  it('drops the days that are empty then', async () => {
    for (const old of [500, 450]) await entry(old);
    await entry(450, 'org_held');
    const before = await days();
    await db.sql.run(`INSERT INTO legal_hold (organization_id) VALUES ('org_held')`);
    await cut();
    expect(await kept()).toHaveLength(1);
    expect(await days()).toBeLessThan(before - 8);
    expect(await verify('org_held')).toMatchObject({ entries: 1, cut: 0, breach: null });
    await db.sql.run('DELETE FROM legal_hold');
    expect(await cut()).toBe(1);
    expect(await kept()).toEqual([]);
  });

  it('may cut a chain as a whole, which goes on after it; that of no organization, too', async () => {
    for (const chain of ['org_1', null]) {
      await entry(500, chain);
      await entry(450, chain, false);
    }
    expect(await cut()).toBe(4);
    for (const [organization, chain] of [
      ['org_1', 'org_1'],
      [null, SYSTEM_CHAIN],
    ] as const) {
      const { head } = await verify(chain);
      expect(await verify(chain)).toEqual({ chain, entries: 2, cut: 2, head: expect.any(String), unreadable: 0, breach: null });
      await entry(1, organization);
      expect(await verify(chain)).toMatchObject({ entries: 3, cut: 2, breach: null });
      expect((await verify(chain)).head).not.toBe(head);
    }
    expect((await handler().execute(new VerifyAuditLog(null))).map(({ chain, breach }) => [chain, breach])).toEqual([
      ['org_1', null],
      [SYSTEM_CHAIN, null],
    ]);
  });

  it('leaves what follows something that has to stay: links are cut from the beginning only', async () => {
    const first = await entry(300);
    const late = await entry(500);
    expect(await cut()).toBe(0);
    expect(await kept()).toEqual([late, first]);
  });

  it('goes on in steps', async () => {
    const at = new Date(TODAY.getTime() - 500 * DAY_MS);
    const ids = Array.from({ length: 1_200 }, (_, i) => firstIdAt('aud', new Date(at.getTime() + i * 1_000)));
    await db.sql.run(
      `INSERT INTO audit_entry (id, organization_id, actor_kind, action, object, result) SELECT id, 'org_1', 'user', 'a', 'o', 'success' FROM unnest($1::text[]) id`,
      [ids],
    );
    await db.sql.run(`INSERT INTO audit_unsealed SELECT id, 'org_1' FROM unnest($1::text[]) id`, [ids]);
    await seal();
    await entry(1);
    expect(await cut()).toBe(1_200);
    expect(await verify()).toMatchObject({ entries: 1_201, cut: 1_200, breach: null });
  });

  it('may be done by several workers at once', async () => {
    for (const old of [500, 450, 420]) await entry(old);
    const counts = await Promise.all([cut(), cut(), cut()]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(3);
    expect(await verify()).toMatchObject({ entries: 3, cut: 3, breach: null });
  });

  it('deletes nothing of a chain that does not verify: that is evidence', async () => {
    await entry(500);
    await entry(450);
    await db.sql.transaction(async (run) => {
      await run('ALTER TABLE audit_entry DISABLE TRIGGER USER');
      await run(`UPDATE audit_entry SET object = 'other' WHERE organization_id = 'org_1'`);
      await run('ALTER TABLE audit_entry ENABLE TRIGGER USER');
    });
    expect(await cut()).toBe(0);
    expect((await verify()).breach).not.toBeNull();
  });

  it('keeps everything when it is told to', async () => {
    const id = await entry(3_000);
    expect(await cut(0)).toBe(0);
    expect(await kept()).toEqual([id]);
  });

  describe('whoever is not us', () => {
    beforeEach(async () => {
      for (const old of [500, 499, 300, 299, 298]) await entry(old);
      await cut();
    });
    const all = () => db.sql.run<{ id: string }>('SELECT id FROM audit_entry ORDER BY id');

    it('cannot delete an entry, nor all of them', async () => {
      const [first] = await all();
      await expect(db.sql.run('DELETE FROM audit_entry WHERE id = $1', [first!.id])).rejects.toThrow('append-only');
      await expect(db.sql.run('TRUNCATE audit_entry')).rejects.toThrow('append-only');
    });

    it('is found out who takes the next ones away, with their seals', async () => {
      const [first] = await all();
      await db.sql.run('DELETE FROM audit_seal WHERE entry_id = $1', [first!.id]);
      await db.sql.run('DELETE FROM audit_entry WHERE id = $1', [first!.id]);
      expect(await verify()).toMatchObject({ breach: { kind: 'changed' } });
    });

    it('is found out who moves the anchor, or takes it away', async () => {
      const [first] = await all();
      await db.sql.run(
        `UPDATE audit_anchor a SET sequence = s.sequence, hash = s.hash FROM audit_seal s WHERE s.entry_id = $1 AND a.chain = s.chain`,
        [first!.id],
      );
      await db.sql.run('DELETE FROM audit_seal WHERE entry_id = $1', [first!.id]);
      await db.sql.run('DELETE FROM audit_entry WHERE id = $1', [first!.id]);
      expect(await verify()).toMatchObject({ breach: { entryId: 'anchor', kind: 'changed' } });
      await db.sql.run('DELETE FROM audit_anchor');
      expect(await verify()).toMatchObject({ breach: { kind: 'changed' } });
    });
  });
});
