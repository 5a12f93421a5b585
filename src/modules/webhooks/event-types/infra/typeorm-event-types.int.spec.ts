import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { newId } from '../../../../platform/ids/id';
import { EventType, type EventTypeSettings } from '../domain/event-type';
import { FindUnavailableEventTypes, FindUnavailableEventTypesHandler } from '../queries/find-unavailable-event-types';
import { GetEventType, GetEventTypeHandler } from '../queries/get-event-type';
import { ListEventTypes, ListEventTypesHandler } from '../queries/list-event-types';
import { eventTypeRepositoryContract } from '../testing/event-type-repository.contract';
import { TypeOrmEventTypeRepository } from './typeorm-event-type.repository';

const NOW = new Date('2026-01-02T03:04:05.678Z');

describe('event types in PostgreSQL', () => {
  let db: TestStore;
  let eventTypes: TypeOrmEventTypeRepository;

  beforeAll(async () => {
    db = await openTestStore(EventType);
    eventTypes = new TypeOrmEventTypeRepository(db.store);
  });
  afterAll(() => db.close());

  const saved = (organizationId: string, name: string, changes: Partial<EventTypeSettings> = {}) => {
    const settings = {
      description: `About ${name}`,
      schemas: { 1: { title: name } },
      archived: false,
      deprecated: false,
      validation: 'off' as const,
      groupName: null,
      featureFlags: null,
      ...changes,
    };
    return eventTypes.save(EventType.create(newId('evtype'), organizationId, name, settings, NOW));
  };

  describe('TypeOrmEventTypeRepository', () => {
    eventTypeRepositoryContract(() => eventTypes);
  });

  it('shows what was stored, archived or not', async () => {
    const org = newId('org');
    await saved(org, 'user.created', { archived: true });
    const get = (organizationId: string, name: string) =>
      new GetEventTypeHandler(db.sql, db.cipher).execute(new GetEventType(organizationId, name));
    expect(await get(org, 'user.created')).toMatchObject({
      description: 'About user.created',
      schemas: { 1: { title: 'user.created' } },
      archived: true,
    });
    await expect(get(newId('org'), 'user.created')).rejects.toThrow(EntityNotFound);
    await expect(get(org, 'user.\u0000')).rejects.toThrow(EntityNotFound);
  });

  it('lists by name, with archived ones and schemas on demand', async () => {
    const org = newId('org');
    await saved(org, 'b');
    await saved(org, '-a');
    await saved(org, 'B');
    await saved(org, 'c', { archived: true });
    const list = (filter: ListEventTypes['filter'], iterator: string | null = null) =>
      new ListEventTypesHandler(db.sql, db.cipher).execute(new ListEventTypes(org, { order: 'ascending', limit: 2, iterator }, filter));

    const first = await list({ includeArchived: true, withSchemas: false, featureFlags: null });
    expect(first.data).toMatchObject([
      { name: '-a', schemas: null },
      { name: 'B', schemas: null },
    ]);
    const second = await list({ includeArchived: true, withSchemas: true, featureFlags: null }, first.iterator);
    expect(second.data).toMatchObject([
      { name: 'b', schemas: { 1: { title: 'b' } } },
      { name: 'c', archived: true },
    ]);
    expect((await list({ includeArchived: false, withSchemas: false, featureFlags: null }, first.iterator)).data).toMatchObject([
      { name: 'b' },
    ]);
    expect((await list({ includeArchived: true, withSchemas: false, featureFlags: null }, second.prevIterator)).data).toMatchObject([
      { name: '-a' },
      { name: 'B' },
    ]);
  });

  it('shows what stands behind a feature flag to who has it', async () => {
    const org = newId('org');
    await saved(org, 'open');
    await saved(org, 'hidden', { featureFlags: ['beta'] });
    const names = async (featureFlags: readonly string[] | null) => {
      const filter = { includeArchived: true, withSchemas: false, featureFlags };
      const page = { order: 'ascending', limit: 10, iterator: null } as const;
      return (await new ListEventTypesHandler(db.sql, db.cipher).execute(new ListEventTypes(org, page, filter))).data.map(
        ({ name }) => name,
      );
    };
    expect([await names(null), await names(['beta']), await names(['alpha']), await names([])]).toEqual([
      ['hidden', 'open'],
      ['hidden', 'open'],
      ['open'],
      ['open'],
    ]);
    const get = (flags: readonly string[]) => new GetEventTypeHandler(db.sql, db.cipher).execute(new GetEventType(org, 'hidden', flags));
    expect(await get(['beta'])).toMatchObject({ name: 'hidden' });
    await expect(get([])).rejects.toThrow(EntityNotFound);
  });

  it('finds the names that nobody can subscribe to', async () => {
    const org = newId('org');
    await saved(org, 'known');
    await saved(org, 'archived', { archived: true });
    await saved(newId('org'), 'foreign');
    const find = (...names: string[]) => new FindUnavailableEventTypesHandler(db.sql).execute(new FindUnavailableEventTypes(org, names));
    expect(await find('known', 'archived', 'foreign', 'unknown', 'KNOWN')).toEqual(['archived', 'foreign', 'unknown', 'KNOWN']);
    expect(await find('known')).toEqual([]);
  });
});
