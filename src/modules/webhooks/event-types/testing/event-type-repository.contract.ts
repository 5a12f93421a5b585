import { ConcurrentChange } from '../../../../platform/errors/domain-error';
import { newId } from '../../../../platform/ids/id';
import { EVENT_TYPE_DEFAULTS, EventType, type EventTypeSettings } from '../domain/event-type';
import { EventTypeExists } from '../domain/event-type.errors';
import { EVENT_TYPE_ID, type EventTypeRepository } from '../domain/event-type.repository';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const LABELS = { validation: 'warn', groupName: 'users', featureFlags: ['beta', 'gamma'] } as const;
const SCHEMAS = { 1: { type: 'object', properties: { text: { const: 'NUL \u0000, half \ud800, big 1e300' } } } };

/** Every adapter of the port must pass this. */
export function eventTypeRepositoryContract(open: () => EventTypeRepository): void {
  const saved = async (organizationId: string, name: string, settings: Partial<EventTypeSettings> = {}) => {
    const complete: EventTypeSettings = {
      description: 'Ünïcode',
      schemas: null,
      archived: false,
      deprecated: false,
      validation: 'off',
      groupName: null,
      featureFlags: null,
      ...settings,
    };
    const eventType = EventType.create(newId(EVENT_TYPE_ID), organizationId, name, complete, NOW);
    await open().save(eventType);
    return eventType;
  };

  it('finds what was saved, archived or not, with its schemas as they were', async () => {
    const org = newId('org');
    const { id } = await saved(org, 'user.created', { schemas: SCHEMAS, archived: true, deprecated: true, ...LABELS });
    const expected = {
      id,
      name: 'user.created',
      description: 'Ünïcode',
      schemas: SCHEMAS,
      archived: true,
      deprecated: true,
      ...LABELS,
      createdAt: NOW,
    };
    expect(await open().find(org, 'user.created')).toMatchObject(expected);
    expect(await open().find(newId('org'), 'user.created')).toBeNull();
    expect(await open().find(org, 'user.\u0000')).toBeNull();
  });

  it('refuses a second event type of the same name, in one organization', async () => {
    const org = newId('org');
    await saved(org, 'user.created');
    await expect(saved(org, 'user.created')).rejects.toThrow(EventTypeExists);
    await saved(org, 'User.created');
    await saved(newId('org'), 'user.created');
  });

  it('removes', async () => {
    const org = newId('org');
    await saved(org, 'user.created');
    const eventType = await open().find(org, 'user.created');
    eventType!.delete();
    await open().remove(eventType!);
    expect(await open().find(org, 'user.created')).toBeNull();
    await saved(org, 'user.created');
  });

  it('refuses to overwrite or remove after a change made meanwhile', async () => {
    const org = newId('org');
    await saved(org, 'user.created');
    const [first, second, third] = [
      await open().find(org, 'user.created'),
      await open().find(org, 'user.created'),
      await open().find(org, 'user.created'),
    ];
    first!.archive(NOW);
    await open().save(first!);
    second!.change({ description: 'late' }, NOW);
    await expect(open().save(second!)).rejects.toThrow(ConcurrentChange);
    await expect(open().remove(third!)).rejects.toThrow(ConcurrentChange);
  });

  it('finds several by name, and those that are not archived in the order of their names', async () => {
    const org = newId('org');
    for (const name of ['c', 'A', 'b']) await saved(org, name);
    await saved(org, 'B', { archived: true });
    await saved(newId('org'), 'a');
    expect((await open().findNamed(org, ['B', 'c', 'none'])).map(({ name }) => name).sort()).toEqual(['B', 'c']);
    expect(await open().findNamed(org, [])).toEqual([]);
    expect((await open().findActive(org, '', 2)).map(({ name }) => name)).toEqual(['A', 'b']);
    expect((await open().findActive(org, 'b', 2)).map(({ name }) => name)).toEqual(['c']);
  });

  it('saves several at once, new ones and old ones', async () => {
    const org = newId('org');
    const old = await saved(org, 'old');
    old.change({ description: 'changed', schemas: SCHEMAS }, NOW);
    const made = EventType.create(newId(EVENT_TYPE_ID), org, 'new', EVENT_TYPE_DEFAULTS, NOW);
    await open().saveAll([old, made]);
    await open().saveAll([]);
    expect(await open().find(org, 'old')).toMatchObject({ description: 'changed', schemas: SCHEMAS, version: 2 });
    expect(await open().find(org, 'new')).toMatchObject({ description: '', version: 1 });
    const twin = EventType.create(newId(EVENT_TYPE_ID), org, 'new', EVENT_TYPE_DEFAULTS, NOW);
    await expect(open().saveAll([twin])).rejects.toThrow(EventTypeExists);
    await expect(open().saveAll([Object.assign(old, { version: 1 })])).rejects.toThrow(ConcurrentChange);
  });
}
