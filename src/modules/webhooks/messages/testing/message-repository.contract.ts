import { newId, timeOf } from '../../../../platform/ids/id';
import type { MessageRepository } from '../domain/message.repository';
import type { NewMessage } from '../domain/new-message';
import { newMessage } from './builders';

export type OpenedRepository = {
  readonly messages: MessageRepository;
  readonly organizationId: string;
  readonly application: string;
  /** An event type whose payloads are checked, at version 3. */
  readonly checkedType: string;
};

/** Every adapter of the port must pass this. */
export function messageRepositoryContract(open: () => OpenedRepository): void {
  const message = (changes: Partial<NewMessage> = {}): NewMessage => {
    const { organizationId, application } = open();
    return newMessage({ organizationId, application, ...changes });
  };
  const append = (changes: Partial<NewMessage> = {}) => open().messages.append(message(changes));
  const ACCEPTED = { acceptedAt: expect.any(Date) };

  it('says when: at the time that is in the id', async () => {
    const id = newId('msg');
    expect(await append({ id })).toEqual({ acceptedAt: timeOf(id) });
  });

  it('accepts messages', async () => {
    expect(await append({ channels: ['a', 'b'] })).toEqual(ACCEPTED);
  });

  it('refuses an application that is not there, or is another organization’s', async () => {
    expect(await append({ application: newId('app') })).toEqual({ refused: 'unknown_application' });
    expect(await append({ application: 'unknown-uid' })).toEqual({ refused: 'unknown_application' });
    expect(await append({ organizationId: newId('org') })).toEqual({ refused: 'unknown_application' });
  });

  it('refuses an event id that the application has seen', async () => {
    const eventId = newId('event');
    expect(await append({ eventId })).toEqual(ACCEPTED);
    expect(await append({ eventId })).toEqual({ refused: 'duplicate_event_id' });
  });

  it('lets one of several at once have an event id, and refuses the others alone', async () => {
    const eventId = newId('event');
    const results = await Promise.all([
      append(),
      append({ eventId }),
      append({ eventId }),
      append({ eventId }),
      append({ application: 'unknown-uid' }),
      append(),
    ]);
    expect(results.filter((result) => 'acceptedAt' in result)).toHaveLength(3);
    expect(results.flatMap((result) => ('refused' in result ? [result.refused] : [])).sort()).toEqual([
      'duplicate_event_id',
      'duplicate_event_id',
      'unknown_application',
    ]);
  });

  it('answers for each of those that came together, in their order', async () => {
    const eventId = newId('event');
    const results = await open().messages.appendAll([
      message(),
      message({ eventId }),
      message({ eventId }),
      message({ application: 'unknown-uid' }),
      message(),
    ]);
    const refused = (because: string) => ({ refused: because });
    expect(results).toEqual([ACCEPTED, ACCEPTED, refused('duplicate_event_id'), refused('unknown_application'), ACCEPTED]);
  });

  it('refuses what was checked against another version of its event type, and does not use up its event id', async () => {
    const { checkedType: eventType } = open();
    const eventId = newId('event');
    for (const checkedVersion of [null, 2]) expect(await append({ eventType, eventId, checkedVersion })).toEqual({ refused: 'unchecked' });
    expect(await append({ eventType, eventId, checkedVersion: 3 })).toEqual(ACCEPTED);
    expect(await append({ eventType: 'unknown', checkedVersion: 3 })).toEqual({ refused: 'unchecked' });
  });
}
