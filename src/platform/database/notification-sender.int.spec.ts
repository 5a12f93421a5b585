import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually';
import { openTestStore, type TestStore } from '../../../test/support/store';
import { NotificationListener } from './notification-listener';
import { NotificationSender } from './notification-sender';

describe('NotificationSender', () => {
  let db: TestStore;
  let listener: NotificationListener;
  let sender: NotificationSender;
  let heard: string[];

  beforeEach(async () => {
    Logger.overrideLogger(false);
    db = await openTestStore();
    heard = [];
    listener = new NotificationListener(db.url);
    for (const channel of ['test_a', 'test_b']) listener.on(channel, () => heard.push(channel));
    listener.start();
    await eventually(() => heard.length === 2, { what: 'the handlers were called after connecting' });
    heard.length = 0;
    sender = new NotificationSender(db.sql);
  });
  afterEach(async () => {
    await listener.stop();
    await db.close();
  });

  it('wakes who listens to the channel', async () => {
    sender.send('test_b');
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(['test_b']);
  });

  it('tells once of all that was committed while a notification was under way', async () => {
    for (let i = 0; i < 100; i++) sender.send('test_a');
    sender.send('test_b');
    await eventually(() => heard.filter((channel) => channel === 'test_a').length === 2 && heard.includes('test_b'));
    expect(heard).toHaveLength(3);
  });

  it('goes on after a failure', async () => {
    jest.spyOn(db.sql, 'run').mockRejectedValueOnce(new Error('the connection broke'));
    sender.send('test_a');
    await eventually(() => {
      sender.send('test_a');
      return heard.length > 0;
    });
  });
});
