import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { NotificationListener } from './notification-listener';

describe('NotificationListener', () => {
  let db: TestStore;
  let listener: NotificationListener;
  let heard: string[];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    db = await openTestStore();
    heard = [];
    listener = new NotificationListener(db.url);
    for (const channel of ['test_a', 'Test "b"']) listener.on(channel, () => heard.push(channel));
  });
  afterEach(async () => {
    await listener.stop();
    await db.close();
  });

  const connections = async () =>
    (
      await db.sql.run<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'posthorn-listener' AND datname = current_database()`,
      )
    ).map(({ pid }) => pid);
  const notify = (channel: string) => db.sql.run(`SELECT pg_notify($1, '')`, [channel]);
  /** Handlers are called once for what was missed; what comes after that was notified. */
  const caughtUp = async () => {
    await eventually(() => heard.length === 2, { what: 'the handlers were called after connecting' });
    heard.length = 0;
  };

  it('wakes every handler when it is connected, and then the one whose channel is notified', async () => {
    listener.start();
    await eventually(() => heard.length === 2);
    expect(heard).toEqual(['test_a', 'Test "b"']);
    heard.length = 0;
    await notify('Test "b"');
    await notify('test_unknown');
    await notify('test_a');
    await eventually(() => heard.length === 2);
    expect(heard).toEqual(['Test "b"', 'test_a']);
  });

  it('hears nothing of a transaction that is rolled back', async () => {
    listener.start();
    await caughtUp();
    const failing = db.sql.transaction(async (run) => {
      await run(`SELECT pg_notify('test_a', '')`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await notify('Test "b"');
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(['Test "b"']);
  });

  it('connects again when its connection dies, once, and catches up', async () => {
    listener.start();
    for (let death = 1; death <= 2; death++) {
      await caughtUp();
      const [pid] = await connections();
      await db.sql.run('SELECT pg_terminate_backend($1, 5000)', [pid]);
    }
    await caughtUp();
    expect(await connections()).toHaveLength(1);
    await notify('test_a');
    await eventually(() => heard.length === 1);
  });

  it('closes its connection when stopped, and stays away', async () => {
    listener.start();
    await caughtUp();
    await listener.stop();
    await eventually(async () => (await connections()).length === 0);
    await notify('test_a');
    expect(heard).toEqual([]);
  });

  it.each([
    ['while it connects', async () => undefined],
    [
      'after its connection died',
      async () => {
        await caughtUp();
        await db.sql.run('SELECT pg_terminate_backend(pid, 5000) FROM unnest($1::integer[]) pid', [await connections()]);
      },
    ],
  ])('does not connect when stopped %s', async (_, until) => {
    listener.start();
    await until();
    await listener.stop();
    await eventually(async () => (await connections()).length === 0);
    expect(heard).toEqual([]);
  });

  it('waits for a database that is away, and can be stopped meanwhile', async () => {
    const lost = new NotificationListener('postgres://nobody@127.0.0.1:1/nothing');
    lost.on('test_a', () => heard.push('lost'));
    lost.start();
    await lost.stop();
    expect(heard).toEqual([]);
  });
});
