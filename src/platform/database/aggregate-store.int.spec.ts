import { Column, Entity } from 'typeorm';
import { z } from 'zod';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { EncryptedColumn } from '../crypto/encrypted-column';
import { TenantAggregateRoot } from '../domain/tenant-aggregate-root';
import { ConcurrentChange } from '../errors/domain-error';
import { defineEvent } from '../events/domain-event';
import { newId } from '../ids/id';
import { onUniqueViolation } from './on-unique-violation';

const NoteChanged = defineEvent('test.note-changed', z.object({ noteId: z.string() }));

@Entity('note')
class Note extends TenantAggregateRoot<Note> {
  @Column('text') readonly slug!: string;
  @EncryptedColumn() readonly title!: string;
  @EncryptedColumn() readonly privateTags!: Record<string, string>;
  @EncryptedColumn() readonly remark: string | null = null;
  @Column('timestamptz') readonly createdAt!: Date;

  static write(slug: string, title: string, organizationId = 'org_1'): Note {
    const note = new Note();
    note.assign({ id: newId('note'), organizationId, slug, title, privateTags: { colour: 'vermilion' }, createdAt: new Date() });
    note.record(NoteChanged({ noteId: note.id }));
    return note;
  }

  rename(title: string): this {
    this.assign({ title });
    this.record(NoteChanged({ noteId: this.id }));
    return this;
  }
}

describe('AggregateStore', () => {
  let db: TestStore;
  let store: TestStore['store'];
  let sql: TestStore['sql'];

  beforeEach(async () => {
    db = await openTestStore(Note);
    ({ store, sql } = db);
    await sql.run(`CREATE TABLE note (
      id text PRIMARY KEY, version integer NOT NULL, organization_id text NOT NULL, slug text NOT NULL CONSTRAINT note_slug_key UNIQUE,
      title bytea NOT NULL, private_tags bytea NOT NULL, remark bytea, created_at timestamptz NOT NULL)`);
  });
  afterEach(() => db.close());

  const written = async (slug = 'a', title = 'Persephone') => {
    const note = Note.write(slug, title);
    await store.save(note);
    return note;
  };
  const read = async (id: string) => (await store.findOneBy(Note, { organizationId: 'org_1', id }))!;
  const events = async () => (await sql.run('SELECT 1 FROM outbox_event')).length;

  it('reads back what it wrote, as the class that it was', async () => {
    const note = await written();
    expect(note.version).toBe(1);
    const found = await read(note.id);
    expect(found).toBeInstanceOf(Note);
    expect(found).toEqual(note);
    expect(await store.find(Note, { where: { organizationId: 'org_1', slug: 'a' } })).toEqual([note]);
    expect(await store.findOneBy(Note, { organizationId: 'org_1', slug: 'b' })).toBeNull();
  });

  it('raises the version with each change, in memory as in the table', async () => {
    const note = await written();
    await store.save(note.rename('Demeter'));
    await store.save(note.rename('Hades'));
    expect(note.version).toBe(3);
    expect(await read(note.id)).toEqual(note);
  });

  it('lets one of two changes of the same version win', async () => {
    const { id } = await written();
    const [one, two] = [await read(id), await read(id)];
    await store.save(one.rename('first'));
    await expect(store.save(two.rename('second'))).rejects.toThrow(ConcurrentChange);
    expect(two.version).toBe(1);
    expect((await read(id)).title).toBe('first');
    expect(await events()).toBe(2);
  });

  it('lets one of many win that change at once', async () => {
    const { id } = await written();
    const copies = await Promise.all(Array.from({ length: 4 }, () => read(id)));
    const results = await Promise.allSettled(copies.map((copy, n) => store.save(copy.rename(`title ${n}`))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await read(id)).version).toBe(2);
    expect(await events()).toBe(2);
  });

  it('does not bring back what was removed meanwhile', async () => {
    const { id } = await written();
    const [one, two] = [await read(id), await read(id)];
    await store.remove(one);
    await expect(store.save(two.rename('again'))).rejects.toThrow(ConcurrentChange);
    expect(await store.findOneBy(Note, { organizationId: 'org_1', id })).toBeNull();
  });

  it('stores encrypted columns as bytes that show nothing', async () => {
    const { id } = await written();
    const columns = await sql.run<{ column_name: string }>(
      `SELECT column_name FROM information_schema.columns WHERE table_name = 'note' AND data_type = 'bytea' ORDER BY 1`,
    );
    expect(columns.map(({ column_name }) => column_name)).toEqual(['private_tags', 'remark', 'title']);
    const [row] = await sql.run<{ dump: string; remark: null; title: Buffer }>(
      'SELECT n::text AS dump, remark, title FROM note n WHERE id = $1',
      [id],
    );
    for (const secret of ['Persephone', 'vermilion', 'colour']) {
      expect(row!.dump).not.toContain(secret);
      expect(row!.dump).not.toContain(Buffer.from(secret).toString('hex'));
    }
    expect(row!.remark).toBeNull();
  });

  it('refuses a value that was moved to another row or column', async () => {
    const [one, two] = [await written('a', 'one'), await written('b', 'two')];
    await sql.run('UPDATE note SET title = (SELECT title FROM note WHERE id = $2) WHERE id = $1', [one.id, two.id]);
    await expect(read(one.id)).rejects.toThrow();
    await sql.run('UPDATE note SET remark = title WHERE id = $1', [two.id]);
    await expect(read(two.id)).rejects.toThrow();
  });

  it('seals with the key of the organization', async () => {
    await store.save(Note.write('a', 'one', 'org_1'));
    await store.save(Note.write('b', 'two', 'org_2'));
    expect(await sql.run('SELECT scope FROM data_key ORDER BY scope')).toEqual([{ scope: 'org_1' }, { scope: 'org_2' }]);
  });

  it.each<unknown>([undefined, null, '', { id: 'org_1' }])('looks for nothing without an organization (%p)', async (organizationId) => {
    const { id } = await written();
    const where = { id, organizationId } as { id: string; organizationId: string };
    await expect(store.findOneBy(Note, where)).rejects.toThrow('without an organization');
    await expect(store.find(Note, { where })).rejects.toThrow('without an organization');
  });

  it('stores events with the row, and each once', async () => {
    const note = await written();
    await store.save(note);
    expect(await sql.run('SELECT type, payload, organization_id FROM outbox_event')).toEqual([
      { type: 'test.note-changed', payload: { noteId: note.id }, organization_id: 'org_1' },
    ]);
  });

  it('stores neither when the row is refused', async () => {
    await written('a');
    class SlugTaken extends Error {}
    const refused = store.save(Note.write('a', 'again')).catch(onUniqueViolation('note_slug_key', () => new SlugTaken()));
    await expect(refused).rejects.toThrow(SlugTaken);
    expect(await events()).toBe(1);
  });

  it('stores neither when the transaction around it fails, so that reading again and retrying works', async () => {
    const { id } = await written();
    const failing = db.uow.run(async () => {
      await store.save((await read(id)).rename('half'));
      expect((await read(id)).title).toBe('half');
      throw new Error('a later step failed');
    });
    await expect(failing).rejects.toThrow('a later step failed');
    expect(await read(id)).toMatchObject({ title: 'Persephone', version: 1 });
    expect(await events()).toBe(1);
    await store.save((await read(id)).rename('whole'));
    expect(await read(id)).toMatchObject({ title: 'whole', version: 2 });
  });

  it('removes the row and keeps the events that explain it', async () => {
    const note = await written();
    await store.remove(note.rename('gone'));
    expect(await store.findOneBy(Note, { organizationId: 'org_1', id: note.id })).toBeNull();
    expect(await events()).toBe(2);
  });

  it('does not remove what was changed or removed meanwhile', async () => {
    const { id } = await written();
    const stale = await read(id);
    await store.save((await read(id)).rename('newer'));
    await expect(store.remove(stale.rename('gone'))).rejects.toThrow(ConcurrentChange);
    expect(await events()).toBe(2);
    const current = await read(id);
    await store.remove(current);
    await expect(store.remove(current)).rejects.toThrow(ConcurrentChange);
  });
});
