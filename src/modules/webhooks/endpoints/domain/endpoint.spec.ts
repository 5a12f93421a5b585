import { InvalidField } from '../../../../platform/errors/domain-error';
import { anEndpoint, endpointSettings, KEY, NO_RULES, NOW } from '../testing/builders';
import { Endpoint, EndpointRules } from './endpoint';
import { EndpointUnverified } from './endpoint.errors';

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
    expect(() => Endpoint.create('ep_1', OWNER, endpointSettings(), { key: KEY, headers: { host: 'x' } }, NOW, NO_RULES)).toThrow(
      InvalidField,
    );
  });

  it('changes what is given', () => {
    const endpoint = created({ uid: 'main', eventTypes: ['a'] });
    endpoint.change({ url: 'https://example.org/', uid: undefined, eventTypes: null }, LATER, NO_RULES);
    expect(endpoint).toMatchObject({ url: 'https://example.org/', uid: 'main', eventTypes: null, createdAt: NOW, updatedAt: LATER });
    expect(recorded(endpoint)).toEqual(['endpoint.updated']);
  });

  it('says when its owner disables it, once', () => {
    const endpoint = created();
    endpoint.change({ disabled: true }, LATER, NO_RULES);
    endpoint.change({ disabled: true }, LATER, NO_RULES);
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
    gone.change({ disabled: false }, LATER, NO_RULES);
    off.enable(LATER, NO_RULES);
    off.enable(LATER, NO_RULES);
    for (const endpoint of [gone, off]) expect(endpoint).toMatchObject({ disabled: false, disabledAt: null, disabledReason: null });
    expect(recorded(gone)).toEqual(['endpoint.disabled', 'endpoint.updated', 'endpoint.enabled']);
    expect(recorded(off)).toEqual(['endpoint.enabled']);
  });

  it('keeps the reason and the time when it is disabled once more', () => {
    const endpoint = created();
    endpoint.disable('gone', NOW);
    endpoint.change({ disabled: true }, LATER, NO_RULES);
    expect(endpoint).toMatchObject({ disabledAt: NOW, disabledReason: 'gone' });
  });

  describe('where a challenge is demanded', () => {
    const RULES = new EndpointRules(true);
    const URL_ = 'https://example.org/';
    const begun = (changes = {}) => {
      const endpoint = Endpoint.create('ep_1', OWNER, endpointSettings(changes), { key: KEY, headers: {} }, NOW, RULES);
      endpoint.pullEvents();
      return endpoint;
    };
    const state = ({ disabled, disabledReason }: Endpoint) => (disabled ? disabledReason : 'enabled');

    it('waits until its receiver has answered, whatever its owner asks for', () => {
      const endpoint = begun();
      expect(endpoint).toMatchObject({ disabled: true, disabledAt: NOW, disabledReason: 'unverified' });
      endpoint.change({ disabled: false, description: 'a' }, LATER, RULES);
      expect(() => endpoint.enable(LATER, RULES)).toThrow(EndpointUnverified);
      expect(state(endpoint)).toBe('unverified');
      expect(endpoint.verify('https://example.net/', LATER)).toBe(false);
      expect(state(endpoint)).toBe('unverified');
      endpoint.verify(endpoint.url, LATER);
      expect(endpoint).toMatchObject({ disabled: false, disabledAt: null, disabledReason: null, verifiedAt: LATER });
      expect(recorded(endpoint)).toEqual(['endpoint.updated', 'endpoint.verified', 'endpoint.enabled']);
    });

    it('waits again when it moves, and not when other things change', () => {
      const endpoint = begun();
      endpoint.verify(endpoint.url, NOW);
      endpoint.change({ disabled: false, description: 'a' }, LATER, RULES);
      expect(state(endpoint)).toBe('enabled');
      endpoint.pullEvents();
      endpoint.change({ url: URL_ }, LATER, RULES);
      expect(endpoint).toMatchObject({ disabledReason: 'unverified', disabledAt: LATER, verifiedAt: null });
      expect(endpoint.pullEvents()).toMatchObject([
        { type: 'endpoint.updated' },
        { payload: { reason: 'unverified', failingSince: null } },
      ]);
    });

    it('is not enabled by an answer when its owner disabled it, and waits when they enable it', () => {
      const endpoint = begun();
      endpoint.change({ disabled: true }, LATER, RULES);
      endpoint.verify(endpoint.url, LATER);
      expect(state(endpoint)).toBe('owner');
      endpoint.change({ url: URL_ }, LATER, RULES);
      expect(state(endpoint)).toBe('owner');
      endpoint.change({ disabled: false }, LATER, RULES);
      expect(state(endpoint)).toBe('unverified');
      expect(state(begun({ disabled: true }))).toBe('owner');
    });

    it('goes on when it was enabled before that was demanded, until it moves', () => {
      const endpoint = created();
      endpoint.change({ disabled: false, description: 'a' }, LATER, RULES);
      expect(state(endpoint)).toBe('enabled');
      endpoint.change({ url: URL_ }, LATER, RULES);
      expect(state(endpoint)).toBe('unverified');
      endpoint.change({ disabled: false }, LATER, NO_RULES);
      expect(state(endpoint)).toBe('enabled');
    });
  });

  it('rotates its key; the same key again changes nothing', () => {
    const endpoint = created();
    endpoint.rotateSecret(OTHER_KEY, 60, LATER);
    endpoint.rotateSecret(OTHER_KEY, 0, LATER);
    expect(endpoint.secrets.map(({ key }) => key)).toEqual([OTHER_KEY, KEY]);
    expect(recorded(endpoint)).toEqual(['endpoint.secret_rotated']);
  });

  it('has code that is enabled only while it is there', () => {
    const endpoint = created();
    expect(() => {
      endpoint.changeTransformation({ enabled: true }, LATER);
    }).toThrow(InvalidField);
    endpoint.changeTransformation({ code: 'a', enabled: true, variables: { k: 'v' } }, LATER);
    endpoint.changeTransformation({ code: 'b' }, LATER);
    expect(endpoint.transformation).toEqual({ code: 'b', enabled: true, variables: { k: 'v' }, updatedAt: LATER.toISOString() });
    endpoint.changeTransformation({ code: null }, LATER);
    expect(endpoint.transformation).toMatchObject({ code: null, enabled: false });
    expect(new Set(recorded(endpoint))).toEqual(new Set(['endpoint.updated', 'endpoint.transformation_changed']));
  });
});
