import { JwtService } from '@nestjs/jwt';
import type { DomainEvent } from '../../../platform/events/domain-event';
import { callContext } from '../../../platform/context/call-context';
import { EventRecorder } from '../../../platform/events/event-recorder';
import type { AuthenticatedRequest } from '../../../platform/http/principal';
import { ACCESS_TOKEN, API_KEY } from '../domain/token-format';
import { NOW } from '../testing/builders';
import { newSigningKey } from '../testing/forged-jwt';
import type { Identity } from './identity';
import { JwtTokenSigner } from './jwt-token-signer';
import { RefusalLog } from './refusal-log';
import { SigningKeys } from './signing-keys';

class Events extends EventRecorder {
  readonly written: unknown[] = [];
  override async record({ type, payload }: DomainEvent, organizationId: string | null): Promise<void> {
    const { actor, address } = callContext();
    this.written.push({ type, payload, organizationId, actor, address });
  }
}

describe('RefusalLog', () => {
  const keys = { signing: [newSigningKey('now')], encryption: [], lookup: Buffer.alloc(0) };
  const signer = new JwtTokenSigner(new JwtService(), new SigningKeys({ keys }));
  const key: Identity = { kind: 'api_key', id: 'key_1', organizationId: 'org_1', scopes: null };
  const request = (authorization = '') => ({ headers: { authorization }, ip: '192.0.2.1', id: 'req_1' }) as unknown as AuthenticatedRequest;
  let events: Events;
  let log: RefusalLog;

  beforeEach(() => {
    events = new Events();
    log = new RefusalLog(events, signer);
  });

  it('says who was refused what, from where, once in a minute for each', () => {
    for (let i = 0; i < 3; i++) log.ofPermission(key, 'api_key.manage', 'org_1', request());
    log.ofPermission(key, 'organization.read', 'org_1', request());
    expect(events.written).toEqual(
      ['api_key.manage', 'organization.read'].map((permission) => ({
        type: 'auth.access_refused',
        payload: { subject: 'key_1', permission },
        organizationId: 'org_1',
        actor: { kind: 'api_key', id: 'key_1' },
        address: '192.0.2.1',
      })),
    );
  });

  it.each([
    ['an access token', ACCESS_TOKEN, { sub: 'user_1', sid: 'ses_1' }, '', 'user', 'user_1'],
    ['an API key', API_KEY, { jti: 'key_1', env: 'live' }, 'ph_live_', 'api_key', 'key_1'],
  ] as const)('says whose %s was refused that we made', (_what, type, claims, prefix, kind, id) => {
    const token = prefix + signer.sign({ type, claims, issuedAt: NOW, expiresAt: null });
    log.ofToken(request(`Bearer ${token}`));
    expect(events.written).toMatchObject([{ type: 'auth.token_refused', payload: { subject: id }, actor: { kind, id } }]);
  });

  it.each(['', 'Bearer garbage', 'Bearer a.b.c', 'Bearer ph_live_a.b.c'])(
    'writes nothing of %j, which anybody can make',
    (authorization) => {
      log.ofToken(request(authorization));
      expect(events.written).toEqual([]);
    },
  );
});
