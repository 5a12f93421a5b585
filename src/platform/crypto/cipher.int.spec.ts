import { randomBytes } from 'node:crypto';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../database/data-source';
import { SideConnection } from '../database/side-connection';
import { TypeOrmUnitOfWork } from '../database/unit-of-work';
import { Cipher, CURRENT_KEY_MS } from './cipher';
import { DataKeys } from './data-keys';
import { columnContext } from './encrypted-column';
import { KeyRing } from './key-ring';

const plain = Buffer.from('Persephone was here');
const here = columnContext('application', 'name', 'app_1');
const ringKey = { id: '2025', key: randomBytes(32) };

describe('Cipher', () => {
  let db: TestStore;
  let sql: TestStore['sql'];

  beforeEach(async () => {
    db = await openTestStore();
    ({ sql } = db);
  });
  afterEach(() => db.close());

  /** As a process of its own sees it: nothing remembered. */
  const aProcess = (...keys: ConstructorParameters<typeof KeyRing>[0]) =>
    new Cipher(new DataKeys(sql, new KeyRing(keys.length > 0 ? keys : [ringKey])));
  const scopes = async () => (await sql.run<{ scope: string }>('SELECT scope FROM data_key ORDER BY scope')).map(({ scope }) => scope);

  it('opens in one process what another sealed', async () => {
    const sealed = await aProcess().seal('org_1', here, plain);
    expect(await aProcess().open(here, sealed)).toEqual(plain);
    const json = await aProcess().sealJson('org_1', here, { a: ['ü', null, 1] });
    expect(await aProcess().openJson(here, json)).toEqual({ a: ['ü', null, 1] });
  });

  it('ends with one data key when many processes need the first one of a scope at once', async () => {
    const processes = Array.from({ length: 8 }, () => aProcess());
    const sealed = await Promise.all(processes.map((cipher) => cipher.seal('org_1', here, plain)));
    expect(await scopes()).toEqual(['org_1']);
    for (const bytes of sealed) for (const cipher of processes) expect(await cipher.open(here, bytes)).toEqual(plain);
  });

  it('asks the database once for the key of a scope', async () => {
    const cipher = aProcess();
    const run = jest.spyOn(sql, 'run');
    await Promise.all(Array.from({ length: 8 }, () => cipher.seal('org_1', here, plain)));
    const calls = run.mock.calls.length;
    await cipher.seal('org_1', here, plain);
    expect(run.mock.calls.length).toBe(calls);
    expect(calls).toBe(3); // look, make, look again
  });

  it('gives each scope a key of its own', async () => {
    const cipher = aProcess();
    const sealed = await Promise.all(['org_1', 'org_2'].map((scope) => cipher.seal(scope, here, plain)));
    expect(await scopes()).toEqual(['org_1', 'org_2']);
    const [one, two] = sealed.map((bytes) => bytes.readUInt32BE(1));
    expect(one).not.toBe(two);

    // Said to be of the other scope: its key does not open it.
    const swapped = Buffer.from(sealed[0]!);
    swapped.writeUInt32BE(two!, 1);
    await expect(cipher.open(here, swapped)).rejects.toThrow();
    // The wrapped key of one scope put in place of the other's.
    await sql.run(`UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE scope = 'org_1') WHERE scope = 'org_2'`);
    await expect(aProcess().open(here, sealed[1]!)).rejects.toThrow();
  });

  it.each([
    ['another row', columnContext('application', 'name', 'app_2')],
    ['another column', columnContext('application', 'metadata', 'app_1')],
    ['another table', columnContext('endpoint', 'name', 'app_1')],
  ])('does not open a value that was moved to %s', async (_, there) => {
    const cipher = aProcess();
    const sealed = await cipher.seal('org_1', here, plain);
    await expect(cipher.open(there, sealed)).rejects.toThrow();
  });

  it('refuses bytes of which any bit was flipped, and what it did not seal', async () => {
    const cipher = aProcess();
    const sealed = await cipher.seal('org_1', here, plain);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      await expect(cipher.open(here, altered)).rejects.toThrow();
    }
    for (const bytes of [Buffer.alloc(0), sealed.subarray(0, 5), sealed.subarray(0, 20), sealed.subarray(0, -1)])
      await expect(cipher.open(here, bytes)).rejects.toThrow();
  });

  it('stores neither the text nor a data key that anybody could read', async () => {
    const cipher = aProcess();
    const sealed = await cipher.seal('org_1', here, plain);
    expect(sealed.includes(plain)).toBe(false);
    const [row] = await sql.run<{ wrapped: Buffer; key_ring_id: string }>('SELECT wrapped, key_ring_id FROM data_key');
    expect(row!.key_ring_id).toBe('2025');
    const key = await new KeyRing([ringKey]).unwrap('2025', 'data_key:org_1', row!.wrapped);
    expect(key).toHaveLength(32);
    expect(row!.wrapped.includes(key)).toBe(false);
  });

  it('opens after a new key was put first in the ring, and says which one is missing when the old one was dropped', async () => {
    const sealed = await aProcess().seal('org_1', here, plain);
    const recent = { id: '2026', key: randomBytes(32) };
    expect(await aProcess(recent, ringKey).open(here, sealed)).toEqual(plain);
    await expect(aProcess(recent).open(here, sealed)).rejects.toThrow('ENCRYPTION_KEYS lacks the key 2025');
  });

  it('asks again after a failure', async () => {
    const cipher = aProcess();
    const run = jest.spyOn(sql, 'run').mockRejectedValueOnce(new Error('no database'));
    await expect(cipher.seal('org_1', here, plain)).rejects.toThrow('no database');
    const sealed = await cipher.seal('org_1', here, plain);
    const other = aProcess();
    run.mockRejectedValueOnce(new Error('no database'));
    await expect(other.open(here, sealed)).rejects.toThrow('no database');
    expect(await other.open(here, sealed)).toEqual(plain);
  });

  it('keeps a data key though the transaction of its first use is rolled back', async () => {
    const cipher = aProcess();
    const failing = db.uow.run(async () => {
      await cipher.seal('org_1', here, plain);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const sealed = await cipher.seal('org_1', here, plain);
    expect(await aProcess().open(here, sealed)).toEqual(plain);
  });

  it('learns of a new current key within 10 s, and opens what the old one sealed', async () => {
    const cipher = aProcess();
    const old = await cipher.seal('org_1', here, plain);
    await sql.run('UPDATE data_key SET retired_at = now()');
    const keyOf = async () => (await cipher.seal('org_1', here, plain)).readUInt32BE(1);
    expect(await keyOf()).toBe(old.readUInt32BE(1));
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + CURRENT_KEY_MS + 1);
    expect(await keyOf()).not.toBe(old.readUInt32BE(1));
    expect(await cipher.open(here, old)).toEqual(plain);
    jest.restoreAllMocks();
  });

  it('makes the first key of a scope inside a transaction though the pool has no second connection', async () => {
    const dataSource = await new DataSource(dataSourceOptions({ url: db.url, poolSize: 1 })).initialize();
    const side = new SideConnection({ url: db.url, poolSize: 1 });
    const cipher = new Cipher(new DataKeys(side, new KeyRing([ringKey])));
    const uow = new TypeOrmUnitOfWork(dataSource);
    const sealing = Array.from({ length: 8 }, (_, n) => uow.run(() => cipher.seal(`org_${n}`, here, plain)));
    expect(await Promise.all(sealing)).toHaveLength(8);
    await side.onApplicationShutdown();
    await dataSource.destroy();
  });

  it('shreds a scope: what it sealed is unreadable here and elsewhere, and the next value gets a new key', async () => {
    const cipher = aProcess();
    const [shredded, other] = await Promise.all(['org_1', 'org_2'].map((scope) => cipher.seal(scope, here, plain)));
    await cipher.open(here, shredded!);
    await cipher.shred('org_1');
    for (const process of [cipher, aProcess()]) await expect(process.open(here, shredded!)).rejects.toThrow('does not exist');
    expect(await cipher.open(here, other!)).toEqual(plain);
    expect(await cipher.open(here, await cipher.seal('org_1', here, plain))).toEqual(plain);
  });

  it('seals anew for the scope that sealed, under its current key', async () => {
    const sealed = await aProcess().seal('org_1', here, plain);
    await sql.run('UPDATE data_key SET retired_at = now()');
    const cipher = aProcess();
    const resealed = await cipher.reseal(here, sealed);
    expect(resealed.readUInt32BE(1)).not.toBe(sealed.readUInt32BE(1));
    expect(await cipher.open(here, resealed)).toEqual(plain);
    expect(await scopes()).toEqual(['org_1', 'org_1']);
  });

  it('wraps all keys under the first key of the ring, so that the others can go', async () => {
    const sealed = await Promise.all(['org_1', 'org_2'].map((scope) => aProcess().seal(scope, here, plain)));
    const recent = { id: '2026', key: randomBytes(32) };
    const keys = new DataKeys(sql, new KeyRing([recent, ringKey]));
    expect(await keys.rewrap()).toBe(2);
    expect(await keys.rewrap()).toBe(0);
    for (const bytes of sealed) expect(await aProcess(recent).open(here, bytes)).toEqual(plain);
  });
});
