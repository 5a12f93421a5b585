import { AppPortalCapability, BackgroundTaskStatus } from 'svix-v1';
import { signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { Svix1, Svix2 } from '../support/sdk';

const SPEC = {
  openapi: '3.1.0',
  webhooks: {
    'pet.new': {
      post: {
        description: 'A pet was born.',
        'x-svix-group-name': 'pets',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
      },
    },
  },
  components: { schemas: { Pet: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } } },
};
const PET = SPEC.components.schemas.Pet;

/** Both generations of the official client, as users install them. */
describe.each([
  ['svix 1.99.1', Svix1],
  ['svix 2.5.0', Svix2 as unknown as typeof Svix1],
])('%s', (_, Svix) => {
  let app: TestApp;
  let receiver: Receiver;
  let serverUrl: string;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '0' } }), startReceiver()]);
    serverUrl = await app.listen();
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const client = async () => new Svix((await signUp(app)).apiKey, { serverUrl });

  const finished = (svix: Svix1, taskId: string) =>
    eventually(async () => {
      const task = await svix.backgroundTask.get(taskId);
      return task.status === BackgroundTaskStatus.Finished && task;
    });

  it('counts what applications use', async () => {
    const svix = await client();
    await svix.eventType.create({ name: 'b', description: '' });
    await svix.eventType.create({ name: 'a', description: '' });
    const [one, two] = [await svix.application.create({ name: 'One', uid: 'one' }), await svix.application.create({ name: 'Two' })];
    const gone = await svix.endpoint.create('one', { url: receiver.url });
    await svix.endpoint.create('one', {
      url: receiver.url,
      disabled: true,
      ...({ eventTypes: ['b', 'a'], filterTypes: ['b', 'a'] } as object),
    });
    const since = new Date(Date.now() - 40 * 86_400_000);
    const { length } = receiver.requests;
    for (let n = 0; n < 3; n++) await svix.message.create('one', { eventType: 'c', payload: { n } });
    await receiver.received(length + 3);
    await svix.endpoint.delete('one', gone.id);

    const until = new Date(Date.now() + 3_600_000);
    const all = await svix.statistics.aggregateAppStats({ since, until });
    expect(all).toMatchObject({ task: 'application.stats', status: 'running', unresolvedAppIds: [] });
    expect(all.updatedAt).toBeInstanceOf(Date);
    const rows = [
      { appId: one.id, appUid: 'one', messageDestinations: 3 },
      { appId: two.id, appUid: null, messageDestinations: 0 },
    ];
    expect(await finished(svix, all.id)).toMatchObject({ task: 'application.stats', data: { appStats: rows, unresolvedAppIds: [] } });
    const some = await svix.statistics.aggregateAppStats({ since, until, appIds: ['one', one.id, 'none'] });
    expect(some.unresolvedAppIds).toEqual(['none']);
    expect((await finished(svix, some.id)).data).toEqual({ appStats: rows.slice(0, 1), unresolvedAppIds: ['none'] });
    const before = await svix.statistics.aggregateAppStats({ since, until: new Date(Date.now() - 86_400_000), appIds: ['one'] });
    expect((await finished(svix, before.id)).data).toMatchObject({ appStats: [{ messageDestinations: 0 }] });
    await expect(svix.statistics.aggregateAppStats({ since, until, appIds: ['none'] })).rejects.toMatchObject({ code: 422 });
    await expect(svix.statistics.aggregateAppStats({ since: until, until: since })).rejects.toMatchObject({ code: 422 });

    const types = await svix.statistics.aggregateEventTypes();
    expect(types).toMatchObject({ task: 'event-type.aggregate', status: 'running' });
    expect((await finished(svix, types.id)).data).toEqual({
      event_types: [
        { appId: one.id, explicitlySubscribedEventTypes: ['a', 'b'], hasCatchAllEndpoint: false },
        { appId: two.id, explicitlySubscribedEventTypes: [], hasCatchAllEndpoint: false },
      ],
    });
  });

  it('deletes all payloads of an application', async () => {
    const svix = await client();
    for (const uid of ['one', 'other']) await svix.application.create({ name: uid, uid });
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await svix.message.create('one', { eventType: 'a', payload: { n } })).id);
    const kept = await svix.message.create('other', { eventType: 'a', payload: { n: 1 } });
    await svix.message.expungeContent('one', ids[0]!);
    const task = await svix.message.expungeAllContents('one');
    expect(task).toMatchObject({ task: 'application.purge_content', status: 'running' });
    expect(await finished(svix, task.id)).toMatchObject({ task: 'application.purge_content', data: { messagesPurged: 4 } });
    for (const id of ids) expect((await svix.message.get('one', id, { withContent: true })).payload).toEqual({ expired: true });
    expect((await svix.message.get('other', kept.id, { withContent: true })).payload).toEqual({ n: 1 });
  });

  it('opens portals with capabilities, and ends them', async () => {
    const svix = await client();
    const options = { application: { name: 'P' }, expiry: 3_600, featureFlags: ['a'], sessionId: 's1' };
    const { ViewBase, ManageEndpoint } = AppPortalCapability;
    const { token, url } = await svix.authentication.appPortalAccess('p', { ...options, capabilities: [ViewBase] });
    expect(url).toContain(token);
    const viewer = new Svix(token, { serverUrl });
    expect((await viewer.application.get('p')).uid).toBe('p');
    await expect(viewer.endpoint.create('p', { url: receiver.url })).rejects.toMatchObject({ code: 403 });
    const owner = new Svix((await svix.authentication.appPortalAccess('p', { capabilities: [ViewBase, ManageEndpoint] })).token, {
      serverUrl,
    });
    await owner.endpoint.create('p', { url: receiver.url });
    const reader = new Svix((await svix.authentication.appPortalAccess('p', { readOnly: true })).token, { serverUrl });
    await expect(reader.endpoint.create('p', { url: receiver.url })).rejects.toMatchObject({ code: 403 });
    await svix.authentication.expireAll('p', { expiry: 1, sessionIds: ['s1'] });
    await eventually(
      () =>
        viewer.application.get('p').then(
          () => false,
          (error: unknown) => (error as { code: number }).code === 401,
        ),
      { within: 5_000 },
    );
    expect((await owner.application.get('p')).uid).toBe('p');
  });

  it('exports an environment, and imports it into another one', async () => {
    const [from, to] = [await client(), await client()];
    const labels = { groupName: 'users', featureFlags: ['beta'], deprecated: true };
    await from.eventType.create({ name: 'user.created', description: 'A user', schemas: { 1: { type: 'object' } }, ...labels });
    await from.eventType.create({ name: 'user.gone', description: 'No user' });
    await from.eventType.delete('user.gone');

    const environment = await from.environment.export();
    expect(environment).toMatchObject({ version: 1, settings: null, connectors: [] });
    expect(environment.createdAt).toBeInstanceOf(Date);
    expect(environment.eventTypes).toMatchObject([
      { name: 'user.created', description: 'A user', schemas: { 1: { type: 'object' } }, archived: false, ...labels },
      { name: 'user.gone', archived: true },
    ]);

    await to.eventType.create({ name: 'user.created', description: 'Old' });
    await to.eventType.create({ name: 'own', description: 'Stays' });
    for (let time = 0; time < 2; time++) await to.environment.import(environment);
    const { data } = await to.eventType.list({ includeArchived: true, withContent: true });
    const own = { name: 'own', description: 'Stays' };
    expect(data).toMatchObject([own, ...environment.eventTypes.map(({ createdAt: _c, updatedAt: _u, ...rest }) => rest)]);
    await to.environment.import({});
  });

  it('imports the webhooks of an OpenAPI document', async () => {
    const svix = await client();
    await svix.eventType.create({ name: 'old', description: 'Old' });
    const described = { name: 'pet.new', description: 'A pet was born.', schemas: { 1: PET }, deprecated: false, groupName: 'pets' };

    const dry = await svix.eventType.importOpenapi({ spec: SPEC, replaceAll: true, dryRun: true });
    expect(dry.data).toMatchObject({ modified: [], toModify: [described] });
    expect((await svix.eventType.list()).data.map(({ name }) => name)).toEqual(['old']);

    const real = await svix.eventType.importOpenapi({ specRaw: JSON.stringify(SPEC), replaceAll: true });
    expect(real.data.modified).toEqual(['pet.new']);
    expect(await svix.eventType.get('pet.new')).toMatchObject({ ...described, archived: false });
    expect((await svix.eventType.list()).data.map(({ name }) => name)).toEqual(['pet.new']);
    expect((await svix.eventType.importOpenapi({ spec: SPEC })).data.modified).toEqual([]);
    await expect(svix.eventType.importOpenapi({})).rejects.toMatchObject({ code: 422 });
    await expect(svix.eventType.importOpenapi({ spec: SPEC, specRaw: '{}' })).rejects.toMatchObject({ code: 422 });
  });
});
