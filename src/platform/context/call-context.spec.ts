import type { AuthenticatedRequest } from '../http/principal';
import { RequestContext } from '../http/request-context';
import { callContext, inContext, inTrace } from './call-context';

const TRACE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const REQUEST = {
  user: { kind: 'api_key', id: 'key_1', organizationId: 'org_1' },
  ip: '192.0.2.1',
  headers: { 'user-agent': 'curl' },
  id: 'req_1',
} as unknown as AuthenticatedRequest;

describe('inTrace', () => {
  it('is on behalf of the same caller, tenant and request', () => {
    const { actor, ...rest } = inContext(new RequestContext(REQUEST), () => inTrace(TRACE, callContext));
    expect(actor).toMatchObject({ kind: 'api_key', id: 'key_1' });
    expect(rest).toEqual({ organizationId: 'org_1', address: '192.0.2.1', userAgent: 'curl', requestId: 'req_1', trace: TRACE });
  });
});
