import { ConcurrentChange } from '../../../../platform/errors/domain-error';
import { newId } from '../../../../platform/ids/id';
import { Application, type ApplicationSettings } from '../domain/application';
import { ApplicationUidTaken } from '../domain/application.errors';
import type { ApplicationRepository } from '../domain/application.repository';

const NOW = new Date('2026-01-02T03:04:05.678Z');

/** Every adapter of the port must pass this. */
export function applicationRepositoryContract(open: () => ApplicationRepository): void {
  const saved = async (organizationId: string, settings: Partial<ApplicationSettings> = {}) => {
    const application = Application.create(
      newId('app'),
      organizationId,
      { uid: null, name: 'Ünïcode & Söhne', metadata: { plan: 'pro' }, throttleRate: 5, ...settings },
      NOW,
    );
    await open().save(application);
    return application;
  };

  it('finds what was saved, by id and by uid', async () => {
    const org = newId('org');
    const { id } = await saved(org, { uid: 'customer-7' });
    const expected = {
      id,
      organizationId: org,
      uid: 'customer-7',
      name: 'Ünïcode & Söhne',
      metadata: { plan: 'pro' },
      throttleRate: 5,
      createdAt: NOW,
      version: 1,
    };
    expect(await open().find(org, id)).toMatchObject(expected);
    expect(await open().find(org, 'customer-7')).toMatchObject(expected);
  });

  it('does not find what belongs to another organization, was deleted, or cannot be a name', async () => {
    const org = newId('org');
    const { id } = await saved(org, { uid: 'gone' });
    expect(await open().find(newId('org'), id)).toBeNull();
    expect(await open().find(newId('org'), 'gone')).toBeNull();
    const application = await open().find(org, id);
    application!.delete(NOW);
    await open().save(application!);
    for (const reference of [id, 'gone', '', '\u0000', "' OR 1=1"]) expect(await open().find(org, reference)).toBeNull();
  });

  it('refuses a second application with the same uid, in one organization', async () => {
    const org = newId('org');
    await saved(org, { uid: 'twin' });
    await expect(saved(org, { uid: 'twin' })).rejects.toThrow(ApplicationUidTaken);
    await saved(newId('org'), { uid: 'twin' });
  });

  it('frees the uid of a deleted application', async () => {
    const org = newId('org');
    await saved(org, { uid: 'phoenix' });
    const first = await open().find(org, 'phoenix');
    first!.delete(NOW);
    await open().save(first!);
    const { id } = await saved(org, { uid: 'phoenix' });
    expect((await open().find(org, 'phoenix'))?.id).toBe(id);
  });

  it('lets many applications have no uid', async () => {
    const org = newId('org');
    await saved(org);
    await saved(org);
  });

  it('refuses a second application with the same id', async () => {
    const twin = () => Application.operational(`app_:${org}`, org, NOW);
    const org = newId('org');
    await open().save(twin());
    await expect(open().save(twin())).rejects.toThrow(ConcurrentChange);
  });

  it('refuses to overwrite a change made meanwhile', async () => {
    const org = newId('org');
    const { id } = await saved(org);
    const [mine, theirs] = [await open().find(org, id), await open().find(org, id)];
    theirs!.change({ name: 'theirs' }, NOW);
    await open().save(theirs!);
    mine!.change({ name: 'mine' }, NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
    expect((await open().find(org, id))?.name).toBe('theirs');
  });
}
