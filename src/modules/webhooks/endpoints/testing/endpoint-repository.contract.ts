import { ConcurrentChange } from '../../../../platform/errors/domain-error';
import type { EndpointSettings } from '../domain/endpoint';
import { EndpointUidTaken } from '../domain/endpoint.errors';
import type { EndpointRepository } from '../domain/endpoint.repository';
import { anEndpoint, KEY, NOW } from './builders';

export type Owner = { organizationId: string; applicationId: string };

/** Every adapter of the port must pass this. `newOwner` makes an application. */
export function endpointRepositoryContract(open: () => EndpointRepository, newOwner: () => Promise<Owner>): void {
  const saved = async (owner: Owner, changes: Partial<EndpointSettings> = {}) => {
    const endpoint = anEndpoint(owner, changes);
    await open().save(endpoint);
    return endpoint;
  };
  const find = ({ organizationId, applicationId }: Owner, idOrUid: string) => open().find(organizationId, applicationId, idOrUid);

  it('finds what was saved, by id and by uid', async () => {
    const owner = await newOwner();
    const settings = {
      uid: 'main',
      url: 'https://example.com/ünï?a=1',
      description: 'Söhne',
      disabled: true,
      eventTypes: ['user.created', 'a,b"c'],
      channels: ['eu'],
      throttleRate: 7,
      metadata: { plan: 'pro' },
    };
    const { id } = await saved(owner, settings);
    const expected = {
      ...owner,
      ...settings,
      id,
      disabledAt: NOW,
      disabledReason: 'owner',
      secrets: [{ key: KEY, expiresAt: null }],
      headers: { 'X-Tenant': 'a' },
      createdAt: NOW,
      version: 1,
    };
    expect(await find(owner, id)).toMatchObject(expected);
    expect(await find(owner, 'main')).toMatchObject(expected);
  });

  it('keeps the difference between all types and a list', async () => {
    const owner = await newOwner();
    const { id } = await saved(owner);
    expect(await find(owner, id)).toMatchObject({ eventTypes: null, channels: null });
  });

  it('does not find what belongs to somebody else, was deleted, or cannot be a name', async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const { id } = await saved(owner, { uid: 'gone' });
    expect(await find(other, id)).toBeNull();
    expect(await find({ ...owner, organizationId: other.organizationId }, id)).toBeNull();
    expect(await find({ ...owner, applicationId: other.applicationId }, 'gone')).toBeNull();
    const endpoint = await find(owner, id);
    endpoint!.delete(NOW);
    await open().save(endpoint!);
    for (const reference of [id, 'gone', '', '\u0000', "' OR 1=1"]) expect(await find(owner, reference)).toBeNull();
  });

  it('refuses a second endpoint with the same uid, in one application, until the first is deleted', async () => {
    const owner = await newOwner();
    await saved(owner, { uid: 'twin' });
    await expect(saved(owner, { uid: 'twin' })).rejects.toThrow(EndpointUidTaken);
    await saved(await newOwner(), { uid: 'twin' });
    const first = await find(owner, 'twin');
    first!.delete(NOW);
    await open().save(first!);
    await saved(owner, { uid: 'twin' });
  });

  it('adds up to a limit, and not one more when several are added at once; deleted ones do not count', async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const first = await saved(owner);
    const added = await Promise.all(Array.from({ length: 5 }, () => open().add(anEndpoint(owner), 3)));
    expect(added.filter(Boolean)).toHaveLength(2);
    expect(await open().add(anEndpoint(other), 3)).toBe(true);
    const gone = await find(owner, first.id);
    gone!.delete(NOW);
    await open().save(gone!);
    await open().add(anEndpoint(owner, { uid: 'twin' }), 3);
    await expect(open().add(anEndpoint(owner, { uid: 'twin' }), 9)).rejects.toThrow(EndpointUidTaken);
  });

  it('deletes some of an application at once, until there are none left', async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    const mine = [await saved(owner), await saved(owner), await saved(owner)];
    const { id } = await saved(other);
    const deleteSome = () => open().deleteSome(owner.organizationId, owner.applicationId, NOW, 2);
    const changed = await find(owner, mine[0]!.id);

    expect([await deleteSome(), await deleteSome(), await deleteSome()]).toEqual([2, 1, 0]);
    for (const gone of mine) expect(await find(owner, gone.id)).toBeNull();
    expect(await find(other, id)).not.toBeNull();
    expect(await open().deleteSome(owner.organizationId, other.applicationId, NOW, 2)).toBe(0);
    changed!.setHeaders({}, NOW);
    await expect(open().save(changed!)).rejects.toThrow(ConcurrentChange);
  });

  it('refuses to overwrite a change made meanwhile', async () => {
    const owner = await newOwner();
    const { id } = await saved(owner);
    const [mine, theirs] = [await find(owner, id), await find(owner, id)];
    theirs!.setHeaders({ 'X-Who': 'they' }, NOW);
    await open().save(theirs!);
    mine!.setHeaders({ 'X-Who': 'me' }, NOW);
    await expect(open().save(mine!)).rejects.toThrow(ConcurrentChange);
    expect((await find(owner, id))?.headers).toEqual({ 'X-Who': 'they' });
  });
}
