import { EntityNotFound, InvalidField } from '../../../../platform/errors/domain-error';
import { newId } from '../../../../platform/ids/id';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import type { ApplicationSettings } from '../domain/application';
import { ApplicationUidTaken } from '../domain/application.errors';
import { InMemoryApplicationRepository } from '../testing/in-memory-application.repository';
import { ChangeApplication, ChangeApplicationHandler } from './change-application';
import { CreateApplication, CreateApplicationHandler } from './create-application';
import { DeleteApplication, DeleteApplicationHandler } from './delete-application';
import { PutApplication, PutApplicationHandler } from './put-application';

const ORG = 'org_1';
const settings = (changes: Partial<ApplicationSettings> = {}): ApplicationSettings => ({
  uid: null,
  name: 'Acme',
  metadata: {},
  throttleRate: null,
  ...changes,
});

describe('commands on applications', () => {
  const clock = new FixedClock(new Date('2026-01-02T03:04:05Z'));
  let applications: InMemoryApplicationRepository;
  const create = (given: ApplicationSettings, orGet = false) =>
    new CreateApplicationHandler(applications, clock).execute(new CreateApplication(ORG, given, orGet));
  const put = (idOrUid: string, given: PutApplication['settings']) =>
    new PutApplicationHandler(applications, clock).execute(new PutApplication(ORG, idOrUid, given));
  const change = (idOrUid: string, changes: ChangeApplication['changes']) =>
    new ChangeApplicationHandler(applications, clock).execute(new ChangeApplication(ORG, idOrUid, changes));
  const remove = (idOrUid: string) => new DeleteApplicationHandler(applications, clock).execute(new DeleteApplication(ORG, idOrUid));
  const stored = (idOrUid: string) => applications.find(ORG, idOrUid);

  beforeEach(() => (applications = new InMemoryApplicationRepository()));

  it('creates, and says so in an event that holds ids only', async () => {
    const { id, created } = await create(settings({ uid: 'customer-7' }));
    expect(created).toBe(true);
    expect(applications.events).toEqual([{ type: 'application.created', payload: { applicationId: id } }]);
  });

  it('gets what has the uid already, when told that this is as good', async () => {
    const { id } = await create(settings({ uid: 'customer-7', name: 'First' }));
    expect(await create(settings({ uid: 'customer-7', name: 'Second' }), true)).toEqual({ id, created: false });
    expect((await stored(id))?.name).toBe('First');
    await expect(create(settings({ uid: 'customer-7' }))).rejects.toThrow(ApplicationUidTaken);
  });

  it('gets what another request creates at the same moment', async () => {
    const race = settings({ uid: 'race' });
    const answers = await Promise.all([create(race, true), create(race, true), create(race, true)]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });

  it('puts: replaces all settings of what is there', async () => {
    const { id } = await create(settings({ uid: 'customer-7', metadata: { a: 'b' }, throttleRate: 5 }));
    expect(await put('customer-7', { name: 'New', metadata: {}, throttleRate: null })).toEqual({ id, created: false });
    expect(await stored(id)).toMatchObject({ name: 'New', uid: 'customer-7', metadata: {}, throttleRate: null });
  });

  it('puts: a uid that is missing from the body stays when the path names it, and goes when the path names the id', async () => {
    const { id } = await create(settings({ uid: 'customer-7' }));
    await put('customer-7', { name: 'New', metadata: {}, throttleRate: null, uid: 'customer-8' });
    expect((await stored(id))?.uid).toBe('customer-8');
    await put(id, { name: 'New', metadata: {}, throttleRate: null });
    expect((await stored(id))?.uid).toBeNull();
  });

  it('puts: creates what is missing, under the uid of the path, twice the same', async () => {
    const first = await put('customer-9', settingsWithoutUid());
    expect(first.created).toBe(true);
    expect(await put('customer-9', settingsWithoutUid())).toEqual({ id: first.id, created: false });
  });

  it('puts: creates nothing under an id, nor under what cannot be a uid', async () => {
    await expect(put(newId('app'), settingsWithoutUid())).rejects.toThrow(EntityNotFound);
    await expect(put('a b', settingsWithoutUid())).rejects.toThrow(InvalidField);
  });

  it('changes what is given and keeps the rest', async () => {
    const { id } = await create(settings({ uid: 'customer-7', throttleRate: 5, metadata: { a: 'b' } }));
    await change('customer-7', { name: 'New', throttleRate: undefined });
    expect(await stored(id)).toMatchObject({ name: 'New', uid: 'customer-7', throttleRate: 5, metadata: { a: 'b' } });
    await change(id, { uid: null, throttleRate: null });
    expect(await stored(id)).toMatchObject({ name: 'New', uid: null, throttleRate: null });
  });

  it('deletes once', async () => {
    const { id } = await create(settings({ uid: 'customer-7' }));
    await remove('customer-7');
    expect(applications.events.at(-1)).toEqual({ type: 'application.deleted', payload: { applicationId: id } });
    await expect(remove(id)).rejects.toThrow(EntityNotFound);
    await expect(change(id, { name: 'x' })).rejects.toThrow(EntityNotFound);
  });

  function settingsWithoutUid(): PutApplication['settings'] {
    return { name: 'New', metadata: {}, throttleRate: null };
  }
});
