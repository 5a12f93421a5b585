import { DataSource } from 'typeorm';
import { encryptedTables } from '../../src/platform/crypto/encrypted-tables';
import { startTestApp, startTestWorker, type TestApp } from '../support/app';

/** `bytea`, and yet no envelope of `Cipher`: keys that are wrapped by the key ring, chance, and a keyed hash. Other hashes are named so. */
const NOT_SEALED = ['audit_anchor.proof', 'data_key.wrapped', 'session.nonce'];
const isHash = (column: string) => /[._]hash$/.test(column);

describe('encrypted columns', () => {
  let app: TestApp;
  let declared: string[];

  beforeAll(async () => {
    app = await startTestApp();
    const worker = await startTestWorker(app.environment);
    declared = encryptedTables(worker.get(DataSource)).flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`));
    await worker.close();
  });
  afterAll(() => app.stop());

  it('are all known to the rotation of keys, which deletes the keys that nothing known uses', async () => {
    const columns = await app.http.get(DataSource).query<{ name: string }[]>(`
      SELECT c.relname || '.' || a.attname AS name
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND a.atttypid = 'bytea'::regtype AND NOT a.attisdropped`);
    const sealed = columns.map(({ name }) => name).filter((name) => !isHash(name) && !NOT_SEALED.includes(name));
    expect(declared.sort()).toEqual(sealed.sort());
  });
});
