import { InvalidField } from '../../../../platform/errors/domain-error';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import { ImmediateUnitOfWork } from '../../../../platform/testing/immediate-unit-of-work';
import { InMemoryEventTypeRepository } from '../testing/in-memory-event-type.repository';
import { type EventTypeToImport, ImportEventTypes, ImportEventTypesHandler, type ImportOptions } from './import-event-types';

const ORG = 'org_1';

describe('the import of event types', () => {
  const clock = new FixedClock(new Date('2026-01-02T03:04:05Z'));
  let eventTypes: InMemoryEventTypeRepository;

  beforeEach(() => (eventTypes = new InMemoryEventTypeRepository()));

  const item = (name: string, settings: EventTypeToImport['settings'] = {}) => ({ name, settings, loc: ['body', name] });
  const run = (items: EventTypeToImport[], options?: ImportOptions) =>
    new ImportEventTypesHandler(eventTypes, new ImmediateUnitOfWork(), clock).execute(new ImportEventTypes(ORG, items, options));
  const stored = (name: string) => eventTypes.find(ORG, name);

  it('makes what is missing, changes what differs, and leaves the rest alone', async () => {
    await run([item('same', { schemas: { 1: { a: 1, b: 2 } } }), item('other', { validation: 'warn', groupName: 'g' })]);
    const recorded = eventTypes.events.length;
    const { modified } = await run([
      item('same', { schemas: { 1: { b: 2, a: 1 } }, description: '' }),
      item('other', { groupName: null, description: undefined }),
      item('new', { description: 'New' }),
    ]);
    expect(modified.map(({ name }) => name)).toEqual(['other', 'new']);
    expect(await stored('other')).toMatchObject({ validation: 'warn', groupName: null });
    expect(await stored('new')).toMatchObject({ description: 'New', archived: false, schemas: null });
    expect(eventTypes.events.slice(recorded).map(({ type }) => type)).toEqual(['event_type.updated', 'event_type.created']);
  });

  it('archives what is not named only when told to, and nothing in a dry run', async () => {
    await run(Array.from({ length: 600 }, (_, n) => item(`n${n}`)));
    expect((await run([item('n1')])).archived).toEqual([]);
    const dry = await run([item('n1'), item('new')], { replaceAll: true, dryRun: true });
    expect(dry).toMatchObject({ modified: [{ name: 'new' }] });
    expect(dry.archived).toHaveLength(599);
    expect(await stored('new')).toBeNull();
    expect(await stored('n2')).toMatchObject({ archived: false });
    const real = await run([item('n1')], { replaceAll: true, dryRun: false });
    expect(real.archived.toSorted()).toEqual(dry.archived.toSorted());
    expect(await eventTypes.findActive(ORG, '', 10)).toMatchObject([{ name: 'n1' }]);
  });

  it('says where it is wrong, before it changes anything', async () => {
    await expect(run([item('a'), item('a')])).rejects.toMatchObject({ loc: ['body', 'a', 'name'] });
    const broken = run([item('a'), item('b', { schemas: { 1: {}, 2: { type: 'x' } } })]);
    await expect(broken).rejects.toThrow(InvalidField);
    await expect(broken).rejects.toMatchObject({ loc: ['body', 'b', 'schemas', '2'] });
    expect(await stored('a')).toBeNull();
  });
});
