import { EntityNotFound, InvalidField } from '../../../../platform/errors/domain-error';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import type { EventTypeSettings } from '../domain/event-type';
import { EventTypeExists } from '../domain/event-type.errors';
import { InMemoryEventTypeRepository } from '../testing/in-memory-event-type.repository';
import { ChangeEventType, ChangeEventTypeHandler } from './change-event-type';
import { CreateEventType, CreateEventTypeHandler } from './create-event-type';
import { DeleteEventType, DeleteEventTypeHandler } from './delete-event-type';
import { PutEventType, PutEventTypeHandler } from './put-event-type';

const ORG = 'org_1';
const settings = (changes: Partial<EventTypeSettings> = {}): EventTypeSettings => ({
  description: 'A user',
  schemas: null,
  archived: false,
  deprecated: false,
  validation: 'off',
  groupName: null,
  featureFlags: null,
  ...changes,
});

describe('commands on event types', () => {
  const clock = new FixedClock(new Date('2026-01-02T03:04:05Z'));
  let eventTypes: InMemoryEventTypeRepository;
  const create = (name: string, given = settings()) =>
    new CreateEventTypeHandler(eventTypes, clock).execute(new CreateEventType(ORG, name, given));
  const put = async (name: string, given = settings()) =>
    new PutEventTypeHandler(eventTypes, clock).execute(new PutEventType(ORG, name, given));
  const change = (name: string, changes: ChangeEventType['changes']) =>
    new ChangeEventTypeHandler(eventTypes, clock).execute(new ChangeEventType(ORG, name, changes));
  const remove = (name: string, expunge = false) =>
    new DeleteEventTypeHandler(eventTypes, clock).execute(new DeleteEventType(ORG, name, expunge));
  const stored = (name: string) => eventTypes.find(ORG, name);
  const recorded = () => eventTypes.events.map(({ type }) => type);

  beforeEach(() => (eventTypes = new InMemoryEventTypeRepository()));

  it('creates a name once', async () => {
    await create('user.created');
    await expect(create('user.created')).rejects.toThrow(EventTypeExists);
    expect(recorded()).toEqual(['event_type.created']);
  });

  it('revives an archived name with new settings', async () => {
    await create('user.created');
    await remove('user.created');
    await create('user.created', settings({ description: 'Again' }));
    expect(await stored('user.created')).toMatchObject({ archived: false, description: 'Again' });
    expect(recorded()).toEqual(['event_type.created', 'event_type.archived', 'event_type.updated']);
  });

  it('puts: creates, then replaces', async () => {
    expect(await put('user.created', settings({ featureFlags: ['beta'] }))).toEqual({ name: 'user.created', created: true });
    expect(await put('user.created')).toEqual({ name: 'user.created', created: false });
    expect((await stored('user.created'))?.featureFlags).toBeNull();
    await expect(put('user created')).rejects.toThrow(InvalidField);
  });

  it('changes what is given and keeps the rest', async () => {
    await create('user.created', settings({ schemas: { 1: {} }, featureFlags: ['beta'] }));
    await change('user.created', { deprecated: true, description: undefined });
    expect(await stored('user.created')).toMatchObject({
      description: 'A user',
      deprecated: true,
      schemas: { 1: {} },
      featureFlags: ['beta'],
    });
    await change('user.created', { schemas: null, featureFlags: null });
    expect(await stored('user.created')).toMatchObject({ schemas: null, featureFlags: null });
    await expect(change('user.deleted', { deprecated: true })).rejects.toThrow(EntityNotFound);
  });

  it('archives, and says so once', async () => {
    await create('user.created');
    await remove('user.created');
    await remove('user.created');
    expect((await stored('user.created'))?.archived).toBe(true);
    expect(recorded()).toEqual(['event_type.created', 'event_type.archived']);
  });

  it('expunges', async () => {
    await create('user.created');
    await remove('user.created', true);
    expect(await stored('user.created')).toBeNull();
    expect(recorded()).toEqual(['event_type.created', 'event_type.deleted']);
    await expect(remove('user.created', true)).rejects.toThrow(EntityNotFound);
  });
});
