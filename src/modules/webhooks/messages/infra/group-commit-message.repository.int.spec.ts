import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { newId } from '../../../../platform/ids/id';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { messageRepositoryContract } from '../testing/message-repository.contract';
import { GroupCommitMessageRepository } from './group-commit-message.repository';

describe('GroupCommitMessageRepository', () => {
  const organizationId = newId('org');
  const applicationId = newId('app');
  let test: TestStore;
  let messages: GroupCommitMessageRepository;

  beforeAll(async () => {
    test = await openTestStore();
    messages = new GroupCommitMessageRepository(test.sql, test.cipher);
    await test.sql.run(
      `INSERT INTO application (id, organization_id, uid, name, metadata, version, created_at, updated_at)
       VALUES ($1, $2, 'acme', 'x', 'x', 1, now(), now())`,
      [applicationId, organizationId],
    );
  });
  afterAll(() => test.close());

  describe('by id', () => {
    messageRepositoryContract(() => ({ messages, organizationId, application: applicationId }));
  });
  describe('by uid', () => {
    messageRepositoryContract(() => ({ messages, organizationId, application: 'acme' }));
  });

  it('stores the bytes encrypted, and leaves a row for the fan-out', async () => {
    const id = newId('msg');
    const payload = Buffer.from('{"marker":"readable"}');
    await messages.append({ id, organizationId, application: 'acme', eventId: null, eventType: 'a', channels: ['eu', 'us'], payload });
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
    const message = () => ({
      id: newId('msg'),
      organizationId,
      application: 'acme',
      eventId: null,
      eventType: 'a',
      channels: null,
      payload: Buffer.from('{}'),
    });
    await Promise.all(Array.from({ length: 200 }, () => messages.append(message())));
    expect(run.mock.calls.length).toBeLessThan(10);
    run.mockRestore();
  });
});
