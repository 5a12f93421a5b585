import { EntityNotFound, InvalidField } from '../../../../platform/errors/domain-error';
import { newId } from '../../../../platform/ids/id';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { InMemoryTransformer } from '../../../../platform/transformation/testing/in-memory-transformer';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import { EndpointRules } from '../domain/endpoint';
import { EndpointUidTaken, EndpointUnverified, SecretLimitReached } from '../domain/endpoint.errors';
import { type ApplicationRef, OPERATIONAL } from '../../applications';
import { answeringQueryBus, OPERATIONAL_APP } from '../testing/answering-query-bus';
import { endpointSettings, KEY, NO_RULES, NOW } from '../testing/builders';
import { InMemoryEndpointRepository } from '../testing/in-memory-endpoint.repository';
import { ChangeEndpoint, ChangeEndpointHandler } from './change-endpoint';
import { ChangeEndpointHeaders, ChangeEndpointHeadersHandler } from './change-endpoint-headers';
import { ChangeTransformation, ChangeTransformationHandler } from './change-transformation';
import { CreateEndpoint, CreateEndpointHandler } from './create-endpoint';
import { DeleteEndpoint, DeleteEndpointHandler } from './delete-endpoint';
import { DeleteEndpointsOfApplication, DeleteEndpointsOfApplicationHandler } from './delete-endpoints-of-application';
import type { EndpointMetrics } from '../endpoint-metrics';
import { DisableEndpoint, DisableEndpointHandler } from './disable-endpoint';
import { EnableEndpoint, EnableEndpointHandler } from './enable-endpoint';
import { EndpointEditor } from './endpoint-editor';
import { EndpointSettingsCheck } from './endpoint-settings-check';
import { PutEndpoint, PutEndpointHandler } from './put-endpoint';
import { RotateEndpointSecret, RotateEndpointSecretHandler } from './rotate-endpoint-secret';
import { SetEndpointHeaders, SetEndpointHeadersHandler } from './set-endpoint-headers';
import { VerifyEndpoint, VerifyEndpointHandler } from './verify-endpoint';

const ORG = 'org_1';
const APP = 'app_1';

describe('commands on endpoints', () => {
  const clock = new FixedClock(NOW);
  const queries = answeringQueryBus({ shop: APP }, ['user.created']);
  const check = new EndpointSettingsCheck(queries, new AddressGuard([]));
  let rules = NO_RULES;
  let endpoints: InMemoryEndpointRepository;
  let editor: EndpointEditor;

  beforeEach(() => {
    rules = NO_RULES;
    endpoints = new InMemoryEndpointRepository();
    editor = new EndpointEditor(queries, endpoints);
  });

  const path = (endpoint: string, application = 'shop') => ({ organizationId: ORG, application, endpoint });
  type Given = { secret?: string; headers?: CreateEndpoint['extras']['headers']; application?: ApplicationRef };
  const create = (changes = {}, { secret, headers = {}, application = 'shop' }: Given = {}) =>
    new CreateEndpointHandler(queries, check, endpoints, rules, clock).execute(
      new CreateEndpoint(ORG, application, endpointSettings(changes), { secret: secret ?? null, headers }),
    );
  const put = (endpoint: string, changes: Partial<PutEndpoint['settings']> = {}) => {
    return new PutEndpointHandler(queries, check, endpoints, rules, clock).execute(
      new PutEndpoint(path(endpoint), { ...endpointSettings(), uid: undefined, ...changes }),
    );
  };
  const change = (endpoint: string, changes: ChangeEndpoint['changes'], secret: string | null = null) =>
    new ChangeEndpointHandler(editor, check, rules, clock).execute(new ChangeEndpoint(path(endpoint), changes, secret));
  const rotate = (endpoint: string, key: string | null = null, grace = 86_400) =>
    new RotateEndpointSecretHandler(editor, clock).execute(new RotateEndpointSecret(path(endpoint), key, grace));
  const stored = (idOrUid: string) => endpoints.find(ORG, APP, idOrUid);

  it('creates under an application that exists, with a key of its own', async () => {
    const { id } = await create({ uid: 'main' });
    expect((await stored('main'))?.id).toBe(id);
    expect((await stored(id))?.secrets[0]?.key).toMatch(/^whsec_[\w+/]{32}$/);
    await expect(create({}, { application: 'unknown' })).rejects.toThrow(EntityNotFound);
    await expect(create({ uid: 'main' })).rejects.toThrow(EndpointUidTaken);
  });

  it('takes a key and headers from its owner, and says what is wrong with them', async () => {
    const { id } = await create({}, { secret: KEY, headers: { 'X-A': '1' } });
    expect(await stored(id)).toMatchObject({ secrets: [{ key: KEY }], headers: { 'X-A': '1' } });
    await expect(create({}, { secret: 'secret' })).rejects.toMatchObject({ loc: ['body', 'secret'] });
    await expect(create({}, { headers: { Host: 'x' } })).rejects.toMatchObject({ loc: ['body', 'headers', 'Host'] });
  });

  it('refuses addresses that are off limits, wherever they are given', async () => {
    const url = 'http://169.254.169.254/latest/meta-data/';
    const { id } = await create();
    for (const attempt of [create({ url }), put(id, { url }), put('new', { url }), change(id, { url })]) {
      await expect(attempt).rejects.toMatchObject({ loc: ['body', 'url'] });
    }
  });

  it('refuses event types that do not exist, wherever they are given', async () => {
    const eventTypes = ['user.created', 'user.deleted'];
    const { id } = await create({ eventTypes: ['user.created'] });
    for (const attempt of [create({ eventTypes }), put(id, { eventTypes }), change(id, { eventTypes })]) {
      await expect(attempt).rejects.toMatchObject({
        loc: ['body', 'eventTypes'],
        message: expect.stringContaining('user.deleted') as string,
      });
    }
  });

  it('leaves the types of operational webhooks to those who tell of them', async () => {
    const { id } = await create({ eventTypes: ['endpoint.created'] }, { application: OPERATIONAL });
    expect(await endpoints.find(ORG, OPERATIONAL_APP, id)).toMatchObject({ eventTypes: ['endpoint.created'] });
    expect(await stored(id)).toBeNull();
  });

  it('puts: creates under the uid of the path, then replaces all but key and headers', async () => {
    const { id, created } = await put('main', { description: 'first' });
    expect(created).toBe(true);
    const before = await stored(id);
    expect(await put('main', { disabled: true })).toEqual({ id, created: false });
    expect(await stored(id)).toMatchObject({ uid: 'main', description: '', disabled: true, secrets: before!.secrets });
    await put(id);
    expect(await stored(id)).toMatchObject({ uid: null, disabled: false });
    await expect(put(newId('ep'))).rejects.toThrow(EntityNotFound);
    await expect(put('a b')).rejects.toThrow(InvalidField);
  });

  it('changes settings, and the key without grace', async () => {
    const { id } = await create({ uid: 'main', channels: ['a'] });
    await change('main', { description: 'new', channels: null }, KEY);
    expect(await stored(id)).toMatchObject({ description: 'new', channels: null, uid: 'main', secrets: [{ key: KEY, expiresAt: null }] });
    await expect(change(id, {}, 'secret')).rejects.toMatchObject({ loc: ['body', 'secret'] });
    await expect(change('unknown', {})).rejects.toThrow(EntityNotFound);
  });

  it('rotates to a key that is given or made, up to ten old ones', async () => {
    const { id } = await create();
    await rotate(id, KEY);
    expect(await stored(id)).toMatchObject({ secrets: [{ key: KEY, expiresAt: null }, { expiresAt: '2026-01-03T03:04:05.678Z' }] });
    for (let n = 2; n <= 10; n++) await rotate(id);
    await expect(rotate(id)).rejects.toThrow(SecretLimitReached);
    expect((await stored(id))?.secrets).toHaveLength(11);
    await expect(rotate(id, 'secret')).rejects.toMatchObject({ loc: ['body', 'key'] });
  });

  it('sets and changes headers', async () => {
    const { id } = await create();
    await new SetEndpointHeadersHandler(editor, clock).execute(new SetEndpointHeaders(path(id), { 'X-A': '1', 'X-B': '2' }));
    await new ChangeEndpointHeadersHandler(editor, clock).execute(new ChangeEndpointHeaders(path(id), { 'x-a': null, 'X-C': '3' }));
    expect((await stored(id))?.headers).toEqual({ 'X-B': '2', 'X-C': '3' });
  });

  it('keeps code that can be run, and no other', async () => {
    const { id } = await create();
    const handler = new ChangeTransformationHandler(editor, new InMemoryTransformer({ good: (webhook) => webhook }), clock);
    const changeCode = (changes: ChangeTransformation['changes']) => handler.execute(new ChangeTransformation(path(id), changes));
    await changeCode({ code: 'good', enabled: true });
    await expect(changeCode({ code: 'bad' })).rejects.toMatchObject({ loc: ['body', 'code'] });
    await changeCode({ variables: { a: 'b' } });
    const transformation = { code: 'good', enabled: true, variables: { a: 'b' }, updatedAt: NOW.toISOString() };
    expect(await stored(id)).toMatchObject({ transformation });
  });

  it('loses nothing when two requests change different things at once', async () => {
    const { id } = await create();
    const headers = new ChangeEndpointHeadersHandler(editor, clock);
    await Promise.all(['X-A', 'X-B', 'X-C'].map((name) => headers.execute(new ChangeEndpointHeaders(path(id), { [name]: '1' }))));
    expect(Object.keys((await stored(id))!.headers).sort()).toEqual(['X-A', 'X-B', 'X-C']);
  });

  it('is disabled for what its receiver does; a repeat, or an endpoint that is gone, is no error', async () => {
    const { id } = await create();
    const disable = (endpointId: string) =>
      new DisableEndpointHandler(endpoints, clock, { disabled: () => undefined } as unknown as EndpointMetrics).execute(
        new DisableEndpoint(ORG, APP, endpointId, 'gone'),
      );
    await disable(id);
    await disable(id);
    await disable(newId('ep'));
    expect((await stored(id))?.disabled).toBe(true);
    expect(endpoints.events.filter(({ type }) => type === 'endpoint.disabled')).toHaveLength(1);
  });

  it('begins with nothing sent where a challenge is demanded, and its answer begins it', async () => {
    rules = new EndpointRules(true);
    const { id } = await create();
    const put2 = await put('main');
    for (const waiting of [id, put2.id]) expect(await stored(waiting)).toMatchObject({ disabled: true, disabledReason: 'unverified' });
    await change(id, { disabled: false });
    expect(await stored(id)).toMatchObject({ disabled: true, disabledReason: 'unverified' });
    const enable = () => new EnableEndpointHandler(editor, rules, clock).execute(new EnableEndpoint(path(id)));
    await expect(enable()).rejects.toThrow(EndpointUnverified);
    const { url } = (await stored(id))!;
    await new VerifyEndpointHandler(editor, clock).execute(new VerifyEndpoint(path(id), url));
    expect(await stored(id)).toMatchObject({ disabled: false, verifiedAt: NOW });
    await enable();
  });

  it('deletes one, or all of an application, however often it is told', async () => {
    const { id } = await create();
    await create();
    await create();
    await new DeleteEndpointHandler(editor, clock).execute(new DeleteEndpoint(path(id)));
    const deleted = () => endpoints.events.filter(({ type }) => type === 'endpoint.deleted');
    expect(deleted()).toHaveLength(1);
    const removeAll = () => new DeleteEndpointsOfApplicationHandler(endpoints, clock).execute(new DeleteEndpointsOfApplication(ORG, APP));
    await removeAll();
    await removeAll();
    expect(deleted()).toHaveLength(3);
  });
});
