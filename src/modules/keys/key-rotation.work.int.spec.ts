import { randomBytes } from 'node:crypto';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { Cipher } from '../../platform/crypto/cipher';
import { DataKeys } from '../../platform/crypto/data-keys';
import { columnContext } from '../../platform/crypto/encrypted-column';
import { encryptedTable } from '../../platform/crypto/encrypted-tables';
import { KeyRing } from '../../platform/crypto/key-ring';
import { KeyRotation } from '../../platform/crypto/key-rotation';
import { TypeOrmUnitOfWork } from '../../platform/database/unit-of-work';
import type { StepResult } from '../tasks';
import { KeyRotationWork } from './key-rotation.work';

encryptedTable('note', 'title', 'body');
encryptedTable('letter', 'body');

const SCOPES = ['org_1', 'org_2', 'system'];
const old = { id: '2025', key: randomBytes(32) };
const recent = { id: '2026', key: randomBytes(32) };

type Note = { id: string; title: Buffer; body: Buffer | null };
type Cursor = NonNullable<Parameters<KeyRotationWork['step']>[0]['cursor']>;

describe('KeyRotationWork', () => {
  let db: TestStore;

  beforeEach(async () => {
    db = await openTestStore();
    const columns = 'id text COLLATE "C" PRIMARY KEY, title bytea, body bytea';
    await db.dataSource.query(`CREATE TABLE letter (id text COLLATE "C" PRIMARY KEY, body bytea)`);
    const [note, part] = [`CREATE TABLE note (${columns}) PARTITION BY RANGE (id)`, `CREATE TABLE note_rest PARTITION OF note DEFAULT`];
    await db.dataSource.query(`${note}; ${part}; CREATE TABLE note_1 PARTITION OF note FOR VALUES FROM ('note_1') TO ('note_2')`);
  });
  afterEach(() => db.close());

  /** As a process of its own sees it: nothing remembered. */
  const aProcess = (...ring: ConstructorParameters<typeof KeyRing>[0]) => new Cipher(new DataKeys(db.sql, new KeyRing(ring)));

  async function write(cipher: Cipher, id: string, scope: string, bodyLength = 20): Promise<void> {
    const title = await cipher.sealJson(scope, columnContext('note', 'title', id), `title of ${id}`);
    const body = bodyLength === 0 ? null : await cipher.seal(scope, columnContext('note', 'body', id), Buffer.alloc(bodyLength, id));
    await db.sql.run('INSERT INTO note VALUES ($1, $2, $3)', [id, title, body]);
  }

  async function writeMany(count: number): Promise<void> {
    const cipher = aProcess(old);
    for (let n = 0; n < count; n++) await write(cipher, `note_${n}`, SCOPES[n % SCOPES.length]!, n % 5 === 0 ? 0 : 20);
  }

  const notes = () => db.sql.run<Note>('SELECT * FROM note ORDER BY id');
  const keyIds = async () => (await db.sql.run<{ id: number }>('SELECT id FROM data_key ORDER BY id')).map(({ id }) => id);

  /** One step in its transaction, by a process that has just begun: whoever ran the last one may be dead. */
  const step = (cursor: Cursor | null, inStep: () => Promise<void> = () => Promise.resolve()) => {
    const uow = new TypeOrmUnitOfWork(db.dataSource);
    const keys = new DataKeys(db.sql, new KeyRing([recent, old]));
    const work = new KeyRotationWork(new KeyRotation(uow, db.dataSource, keys, new Cipher(keys)));
    return uow.run(async () => {
      const result = await work.step({ id: 'qtask_1', input: {}, cursor, organizationId: null, userId: null });
      await inStep();
      return result;
    });
  };

  /** From step to step to the end; before each, `before` says what happens. */
  async function rotate(before: (cursor: Cursor | null) => Promise<void> = () => Promise.resolve()): Promise<StepResult<Cursor>> {
    for (let cursor: Cursor | null = null; ;) {
      await before(cursor);
      // A worker that dies at the very end of a step.
      const died = step(cursor, () => Promise.reject(new Error('killed')));
      await expect(died).rejects.toThrow('killed');
      const result: StepResult<Cursor> = await step(cursor);
      if (result.done) return result;
      ({ cursor } = result);
    }
  }

  async function expectReadable(count: number): Promise<void> {
    const cipher = aProcess(recent);
    const found = await notes();
    expect(found).toHaveLength(count);
    for (const { id, title, body } of found) {
      expect(await cipher.openJson(columnContext('note', 'title', id), title)).toBe(`title of ${id}`);
      if (body) expect((await cipher.open(columnContext('note', 'body', id), body)).includes(id)).toBe(true);
    }
  }

  it('seals everything anew though it dies in every step, and leaves neither an old data key nor a use for the old ring key', async () => {
    await writeMany(1_300);
    const before = await keyIds();
    const { result, progress } = await rotate();
    expect(result).toEqual({ replaced: 3, deleted: 3 });
    expect(progress?.done).toBe(progress?.total);
    const after = await keyIds();
    expect(after).toHaveLength(3);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    await expectReadable(1_300);
  });

  it('takes large values in statements of bounded size', async () => {
    const cipher = aProcess(old);
    for (let n = 0; n < 20; n++) await write(cipher, `note_${n + 10}`, 'org_1', 1_000_000);
    await rotate();
    await expectReadable(20);
  });

  it('does not wait for rows that somebody holds, nor overwrite what they become: another pass takes them', async () => {
    await writeMany(10);
    const holder = db.dataSource.createQueryRunner();
    let passes = 0;
    await rotate(async (cursor) => {
      if (cursor?.phase !== 'reseal' || cursor.table !== '') return;
      passes++;
      if (passes === 1) {
        await holder.startTransaction();
        await holder.query(`SELECT 1 FROM note WHERE id IN ('note_3', 'note_4') FOR UPDATE`);
      } else if (passes === 2) {
        const title = await aProcess(recent, old).sealJson('system', columnContext('note', 'title', 'note_3'), 'title of note_3');
        await holder.query(`UPDATE note SET title = $1 WHERE id = 'note_3'`, [title]);
        await holder.commitTransaction();
      }
    });
    await holder.release();
    expect(passes).toBe(3);
    await expectReadable(10);
  });

  it('serves traffic meanwhile', async () => {
    await writeMany(600);
    let n = 600;
    await rotate(async () => {
      for (let more = 0; more < 5; more++) await write(aProcess(recent, old), `note_${n++}`, `org_${n % 9}`);
    });
    await expectReadable(n);
  });

  it('is not held up by what was shredded', async () => {
    await writeMany(12);
    await aProcess(old).shred('org_2');
    expect((await rotate()).result).toEqual({ replaced: 2, deleted: 2 });
    expect(await keyIds()).toHaveLength(2);
  });

  it('keeps the old keys when a value does not open', async () => {
    await writeMany(3);
    await db.sql.run(`UPDATE note SET title = title || '\\x00' WHERE id = 'note_1'`);
    await expect(rotate()).rejects.toThrow();
    expect(await keyIds()).toHaveLength(6);
  });
});
