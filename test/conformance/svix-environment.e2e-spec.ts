import { Svix as Svix2 } from 'svix';
import { Svix as Svix1 } from 'svix-v1';
import { signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';

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
  let serverUrl: string;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    serverUrl = await app.listen();
  });
  afterAll(() => app.stop());

  const client = async () => new Svix((await signUp(app)).apiKey, { serverUrl });

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
