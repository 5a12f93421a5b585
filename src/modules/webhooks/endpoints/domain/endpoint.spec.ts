import { InvalidField } from '../../../../platform/errors/domain-error';
import { anEndpoint, endpointSettings, KEY, NOW } from '../testing/builders';
import { Endpoint } from './endpoint';

const OWNER = { organizationId: 'org_1', applicationId: 'app_1' };
const LATER = new Date('2026-02-03T00:00:00Z');
const OTHER_KEY = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;

describe('Endpoint', () => {
  const recorded = (endpoint: Endpoint) => endpoint.pullEvents().map(({ type }) => type);
  const created = (changes = {}) => {
    const endpoint = anEndpoint(OWNER, changes);
    endpoint.pullEvents();
    return endpoint;
  };

  it('says in its events who it is, and nothing more', () => {
    const endpoint = anEndpoint(OWNER);
    expect(endpoint.pullEvents()).toEqual([{ type: 'endpoint.created', payload: { applicationId: 'app_1', endpointId: endpoint.id } }]);
  });

  it('begins with one key that does not expire, and with checked headers', () => {
    expect(anEndpoint(OWNER)).toMatchObject({
      secrets: [{ key: KEY, expiresAt: null }],
      headers: { 'X-Tenant': 'a' },
      createdAt: NOW,
      updatedAt: NOW,
    });
    expect(() => Endpoint.create('ep_1', OWNER, endpointSettings(), { key: KEY, headers: { host: 'x' } }, NOW)).toThrow(InvalidField);
  });

  it('changes what is given', () => {
    const endpoint = created({ uid: 'main', eventTypes: ['a'] });
    endpoint.change({ url: 'https://example.org/', uid: undefined, eventTypes: null }, LATER);
    expect(endpoint).toMatchObject({ url: 'https://example.org/', uid: 'main', eventTypes: null, createdAt: NOW, updatedAt: LATER });
    expect(recorded(endpoint)).toEqual(['endpoint.updated']);
  });

  it('says when its owner disables it, once', () => {
    const endpoint = created();
    endpoint.change({ disabled: true }, LATER);
    endpoint.change({ disabled: true }, LATER);
    expect(recorded(endpoint)).toEqual(['endpoint.updated', 'endpoint.disabled', 'endpoint.updated']);
  });

  it('is disabled for a reason, once', () => {
    const endpoint = created();
    endpoint.disable('gone', LATER);
    endpoint.disable('failing', LATER);
    expect(endpoint).toMatchObject({ disabled: true, disabledAt: LATER, disabledReason: 'gone', updatedAt: LATER });
    expect(endpoint.pullEvents()).toMatchObject([{ type: 'endpoint.disabled', payload: { reason: 'gone', failingSince: null } }]);
  });

  it('says since when it failed, when that is why', () => {
    const endpoint = created();
    endpoint.disable('failing', LATER, NOW);
    expect(endpoint.pullEvents()).toMatchObject([{ payload: { reason: 'failing', failingSince: NOW.toISOString() } }]);
  });

  it('is enabled by its owner, whoever disabled it, and then there is no reason any more', () => {
    const [gone, off] = [created(), created({ disabled: true })];
    gone.disable('gone', LATER);
    expect(off).toMatchObject({ disabledAt: NOW, disabledReason: 'owner' });
    gone.change({ disabled: false }, LATER);
    off.enable(LATER);
    off.enable(LATER);
    for (const endpoint of [gone, off]) expect(endpoint).toMatchObject({ disabled: false, disabledAt: null, disabledReason: null });
    expect(recorded(gone)).toEqual(['endpoint.disabled', 'endpoint.updated', 'endpoint.enabled']);
    expect(recorded(off)).toEqual(['endpoint.enabled']);
  });

  it('keeps the reason and the time when it is disabled once more', () => {
    const endpoint = created();
    endpoint.disable('gone', NOW);
    endpoint.change({ disabled: true }, LATER);
    expect(endpoint).toMatchObject({ disabledAt: NOW, disabledReason: 'gone' });
  });

  it('rotates its key; the same key again changes nothing', () => {
    const endpoint = created();
    endpoint.rotateSecret(OTHER_KEY, 60, LATER);
    endpoint.rotateSecret(OTHER_KEY, 0, LATER);
    expect(endpoint.secrets.map(({ key }) => key)).toEqual([OTHER_KEY, KEY]);
    expect(recorded(endpoint)).toEqual(['endpoint.secret_rotated']);
  });
});
