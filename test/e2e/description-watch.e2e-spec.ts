import document from '../../openapi.json';
import { expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import type { Description } from '../support/description';
import { unseen } from '../support/description-coverage';
import { hasSeen, takeFlaws, watch } from '../support/description-watch';

const JSON_ANSWER = { 'content-type': 'application/json' };
const NOT_FOUND = {
  type: 'http://posthorn.test/docs/errors#not_found',
  title: 'Not found',
  status: 404,
  code: 'not_found',
  detail: '',
  requestId: '1',
};
const APPLICATION = {
  id: 'app_1',
  uid: null,
  name: 'Acme',
  throttleRate: null,
  rateLimit: null,
  metadata: {},
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
};

describe('the watch over answers', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
  });
  afterAll(() => app.stop());

  const flawsOf = (method: string, path: string, statusCode: number, body: unknown, headers: Record<string, string> = JSON_ANSWER) => {
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    watch(method, `/api/v1${path}`, { statusCode, headers, body: text });
    return takeFlaws();
  };

  it('lets pass what the document says', () => {
    expect(flawsOf('GET', '/app/app_1', 200, APPLICATION)).toEqual([]);
    expect(flawsOf('DELETE', '/app/app_1', 204, undefined)).toEqual([]);
    expect(flawsOf('GET', '/no/such/route', 404, NOT_FOUND, { 'content-type': 'application/problem+json' })).toEqual([]);
  });

  it.each<[string, Parameters<typeof flawsOf>]>([
    ['a status', ['GET', '/app/app_1', 201, APPLICATION]],
    ['a content type', ['GET', '/app/app_1', 200, APPLICATION, { 'content-type': 'text/plain' }]],
    ['a field too few', ['GET', '/app/app_1', 200, { ...APPLICATION, id: undefined }]],
    ['a field too many', ['GET', '/app/app_1', 200, { ...APPLICATION, secret: 'x' }]],
    ['a form', ['GET', '/app/app_1', 200, { ...APPLICATION, createdAt: 'yesterday' }]],
    ['half a body', ['GET', '/app/app_1', 200, '{"id":']],
    ['a body where none is described', ['DELETE', '/app/app_1', 204, {}]],
    ['a refusal of another form', ['GET', '/app/app_1', 404, { message: 'no' }, { 'content-type': 'application/problem+json' }]],
    ['a refusal of no route', ['GET', '/no/such/route', 404, { message: 'no' }]],
    ['a route', ['GET', '/no/such/route', 200, {}]],
  ])('finds %s that the document does not know', (_what, answer) => expect(flawsOf(...answer)).toHaveLength(1));

  it('sees each answer of an API that runs in a test', async () => {
    expect(hasSeen('listEventTypes', 401)).toBe(false);
    await app.http.inject('/api/v1/event-type/');
    expect(hasSeen('listEventTypes', 401)).toBe(true);
  });

  it('sees the whole of an answer that is a stream', async () => {
    const ann = await signUp(app);
    expected(200, await ann.organization('GET', '/environment/export'));
    expect(hasSeen('downloadEnvironment', 200)).toBe(true);
  });

  it('says what no test has seen', () => {
    const missing = unseen(document as unknown as Description, [{ operationId: 'createApplication', status: 201 }]);
    expect(missing.find((line) => line.startsWith('createApplication '))).toContain('never seen to answer 200, 4XX; seen: 201.');
    expect(missing.find((line) => line.startsWith('getApplication '))).toContain('seen: nothing.');
  });
});
