import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';

type Problem = { code: string; detail: { loc: unknown[]; msg: string }[] };
type EventType = { name: string; description: string; archived: boolean; validation: string; updatedAt: string };

describe('the environment', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
  });
  beforeEach(async () => {
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const all = async () => expected(200, await ann.organization<{ data: EventType[] }>('GET', '/event-type?include_archived=true')).data;
  const imported = (eventTypes: unknown, more: object = {}) =>
    ann.organization<Problem>('POST', '/environment/import', { eventTypes, ...more });

  it('is one document, however many pages it has, by GET and by POST', async () => {
    const names = Array.from({ length: 120 }, (_, n) => `type.${String(n).padStart(3, '0')}`);
    expected(204, await imported(names.map((name) => ({ name, description: name, validation: 'warn' }))));
    for (const method of ['GET', 'POST'] as const) {
      const { eventTypes } = expected(200, await ann.organization<{ eventTypes: EventType[] }>(method, '/environment/export'));
      expect(eventTypes.map(({ name }) => name)).toEqual(names);
      expect(eventTypes[0]).toMatchObject({ description: 'type.000', validation: 'warn' });
    }
  });

  it('of a new organization is empty', async () => {
    const { eventTypes } = expected(200, await ann.organization<{ eventTypes: EventType[] }>('GET', '/environment/export'));
    expect(eventTypes).toEqual([]);
  });

  it('is imported with what this version does not know ignored, and nothing deleted', async () => {
    expected(
      204,
      await imported([{ name: 'a', description: 'A', validation: 'reject', uiHints: 7 }], { connectors: [{}], settings: 1, x: 1 }),
    );
    expected(204, await imported(null));
    expected(
      204,
      await imported([
        { name: 'a', description: 'B' },
        { name: 'b', description: 'B', archived: true },
      ]),
    );
    expect(await all()).toMatchObject([
      { name: 'a', description: 'B', validation: 'reject' },
      { name: 'b', archived: true },
    ]);
  });

  it('does not touch what is like that already', async () => {
    const eventTypes = [{ name: 'a', description: 'A', schemas: { 1: { type: 'object', title: 'a' } } }];
    expected(204, await imported(eventTypes));
    const before = await all();
    expected(204, await imported(eventTypes));
    expect(await all()).toEqual(before);
  });

  it.each<[string, unknown, (string | number)[], RegExp]>([
    ['no list', {}, ['eventTypes'], /array/],
    ['no name', [{ name: 'a', description: '' }, { description: '' }], ['eventTypes', 1, 'name'], /string/],
    ['a bad name', [{ name: 'a b', description: '' }], ['eventTypes', 0, 'name'], /256/],
    [
      'a twin',
      [
        { name: 'a', description: '' },
        { name: 'a', description: '' },
      ],
      ['eventTypes', 1, 'name'],
      /twice/,
    ],
    [
      'a bad schema',
      [
        { name: 'a', description: '' },
        { name: 'b', description: '', schemas: { 2: { type: 'x' } } },
      ],
      ['eventTypes', 1, 'schemas', '2'],
      /JSON Schema/,
    ],
    ['too many', Array.from({ length: 1_001 }, (_, n) => ({ name: `n${n}`, description: '' })), ['eventTypes'], /1000/],
  ])('is not imported with %s, and then nothing is', async (_, eventTypes, at, message) => {
    const { status, body } = await imported(eventTypes);
    expect({ status, detail: body.detail }).toMatchObject({
      status: 422,
      detail: [{ loc: ['body', ...at], msg: expect.stringMatching(message) as string }],
    });
    expect(await all()).toEqual([]);
  });

  it('is imported by several at once, with one result', async () => {
    const eventTypes = Array.from({ length: 30 }, (_, n) => ({ name: `n${n}`, description: 'x' }));
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await imported(eventTypes)).status));
    expect(statuses).toEqual([204, 204, 204, 204, 204]);
    expect(await all()).toHaveLength(30);
  });

  describe('by OpenAPI', () => {
    const openapi = (body: object) => ann.organization<Problem & { data: object }>('POST', '/event-type/import/openapi', body);
    const spec = (webhooks: object) => ({ openapi: '3.1.0', webhooks });

    it('brings archived event types back, keeps what the document does not say, and archives the others when asked to', async () => {
      expected(
        204,
        await imported([
          { name: 'a', description: 'A', archived: true, validation: 'warn', groupName: 'g' },
          { name: 'b', description: 'B' },
        ]),
      );
      const { body } = await openapi({ spec: spec({ a: { post: { description: 'New' } }, c: { post: {} } }), replaceAll: true });
      expect(body).toEqual({ data: { modified: ['a', 'c'], to_modify: null, archived: ['b'] } });
      expect(await all()).toMatchObject([
        { name: 'a', description: 'New', archived: false, validation: 'warn', groupName: 'g' },
        { name: 'b', archived: true },
        { name: 'c', archived: false },
      ]);
    });

    it('takes YAML', async () => {
      const specRaw = 'openapi: 3.0.0\nx-webhooks:\n  y.a:\n    post: { summary: From YAML }\n';
      expect((await openapi({ specRaw })).body).toMatchObject({ data: { modified: ['y.a'] } });
    });

    it.each<[string, object, (string | number)[]]>([
      ['nothing', {}, ['spec']],
      ['both', { spec: {}, specRaw: '' }, ['spec']],
      ['a list', { spec: [] }, ['spec']],
      ['a text as object', { spec: 'openapi: 3.1.0' }, ['spec']],
      ['no YAML', { specRaw: '{' }, ['specRaw']],
      ['no version', { specRaw: 'webhooks: {}' }, ['specRaw', 'openapi']],
      ['a bad name', { spec: spec({ 'a b': { post: {} } }) }, ['spec', 'webhooks', 'a b', 'name']],
      ['a bad flag', { spec: spec({ a: { post: { 'x-svix-feature-flags': 'x' } } }) }, ['spec', 'webhooks', 'a', 'featureFlags']],
      ['NUL', { spec: spec({ a: { post: { description: '\0' } } }) }, ['spec', 'webhooks', 'a', 'description']],
      [
        'a bad schema',
        { spec: spec({ a: { post: { requestBody: { content: { 'application/json': { schema: { type: 'x' } } } } } } }) },
        ['spec', 'webhooks', 'a', 'schemas', '1'],
      ],
      [
        'a remote reference',
        { spec: spec({ a: { post: { requestBody: { $ref: `http://127.0.0.1:9/x` } } } }) },
        ['spec', 'webhooks', 'a', 'requestBody'],
      ],
    ])('refuses %s with the place', async (_, body, at) => {
      expect(await openapi(body)).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', ...at] }] } });
      expect(await all()).toEqual([]);
    });
  });
});
