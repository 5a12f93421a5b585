import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { newId } from '../../../../platform/ids/id';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { messageRepositoryContract } from '../testing/message-repository.contract';
import { NotificationSender } from '../../../../platform/database/notification-sender';
import { newMessage } from '../testing/builders';
import { GroupCommitMessageRepository } from './group-commit-message.repository';

describe('GroupCommitMessageRepository', () => {
  const organizationId = newId('org');
  const applicationId = newId('app');
  let test: TestStore;
  let messages: GroupCommitMessageRepository;

  beforeAll(async () => {
    test = await openTestStore();
    messages = new GroupCommitMessageRepository(test.sql, test.cipher, new NotificationSender(test.sql));
    await test.sql.run(
      `INSERT INTO application (id, organization_id, uid, name, metadata, version, created_at, updated_at)
       VALUES ($1, $2, 'acme', 'x', 'x', 1, now(), now())`,
      [applicationId, organizationId],
    );
    await test.sql.run(
      `INSERT INTO event_type (id, organization_id, name, description, archived, deprecated, version, validation, created_at, updated_at)
       VALUES ($1, $2, 'checked', 'x', false, false, 3, 'reject', now(), now())`,
      [newId('evtype'), organizationId],
    );
  });
  afterAll(() => test.close());

  describe('by id', () => {
    messageRepositoryContract(() => ({ messages, organizationId, application: applicationId, checkedType: 'checked' }));
  });
  describe('by uid', () => {
    messageRepositoryContract(() => ({ messages, organizationId, application: 'acme', checkedType: 'checked' }));
  });

  it('stores the bytes encrypted, and leaves a row for the fan-out', async () => {
    const payload = Buffer.from('{"marker":"readable"}');
    const message = newMessage({ organizationId, application: 'acme', channels: ['eu', 'us'], payload });
    const { id } = message;
    await messages.append(message);
    const [row] = await test.sql.run<{ payload: Buffer; channels: string[]; waiting: string[] }>(
      'SELECT m.payload, m.channels, o.channels AS waiting FROM message m JOIN message_outbox o ON o.message_id = m.id WHERE m.id = $1',
      [id],
    );
    expect(row).toMatchObject({ channels: ['eu', 'us'], waiting: ['eu', 'us'] });
    expect(row?.payload.includes('readable')).toBe(false);
    expect(await test.cipher.open(columnContext('message', 'payload', id), row!.payload)).toEqual(payload);
  });

  it('writes what arrives together in a few statements, not in one each', async () => {
    const run = jest.spyOn(test.sql, 'run');
    const message = () => newMessage({ organizationId, application: 'acme' });
    await Promise.all(Array.from({ length: 200 }, () => messages.append(message())));
    expect(run.mock.calls.length).toBeLessThan(10);
    run.mockRestore();
  });

  it('writes a batch in one statement', async () => {
    const run = jest.spyOn(test.sql, 'run');
    const appends = () => run.mock.calls.filter(([statement]) => typeof statement === 'object' && statement.name === 'message.append');
    const batch = Array.from({ length: 500 }, () => newMessage({ organizationId, application: 'acme' }));
    expect(await messages.appendAll(batch)).toHaveLength(500);
    expect(appends()).toHaveLength(1);
    run.mockRestore();
  });

  it('keeps a message for later until its time, and then counts how long its payload is kept', async () => {
    const deliverAt = new Date(Date.now() + 3_600_000);
    const message = newMessage({ organizationId, application: 'acme', tags: ['a b', 'ü,x'], deliverAt, retentionHours: 2 });
    await messages.append(message);
    const [row] = await test.sql.run(
      `SELECT m.tags, m.deliver_at, m.payload_expires_at, s.deliver_at AS scheduled_for, o.message_id AS announced
         FROM message m LEFT JOIN scheduled_message s ON s.message_id = m.id LEFT JOIN message_outbox o ON o.message_id = m.id WHERE m.id = $1`,
      [message.id],
    );
    expect(row).toEqual({
      tags: ['a b', 'ü,x'],
      deliver_at: deliverAt,
      scheduled_for: deliverAt,
      payload_expires_at: new Date(deliverAt.getTime() + 2 * 3_600_000),
      announced: null,
    });
  });
});
