import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Access } from '../../../platform/http/access';
import { NoOrganization, type Principal } from '../../../platform/http/principal';
import { AuthenticationFailed, UserRequired } from '../domain/auth.errors';
import { AccessGuard } from './access.guard';
import type { Authenticator } from './authenticator';

class Undeclared {
  silent() {}
}
@Access('organization')
class Declared {
  inherited() {}
  @Access('public') open() {}
  @Access('user') personal() {}
}
const { inherited, open, personal } = Declared.prototype;

const USER: Principal = { kind: 'user', id: 'user_1', organizationId: 'org_1' };
const NEWCOMER: Principal = { kind: 'user', id: 'user_2', organizationId: null };
const KEY: Principal = { kind: 'api_key', id: 'key_1', organizationId: 'org_1' };
const WHO: Record<string, Principal> = { 'Bearer user': USER, 'Bearer newcomer': NEWCOMER, 'Bearer key': KEY };

describe('AccessGuard', () => {
  let asked: number;
  let guard: AccessGuard;
  let request: { headers: { authorization?: string }; user?: Principal };
  const ask = (handler: () => void, authorization?: string, controller: object = Declared) => {
    request = { headers: authorization === undefined ? {} : { authorization } };
    const context = { getHandler: () => handler, getClass: () => controller, switchToHttp: () => ({ getRequest: () => request }) };
    return guard.canActivate(context as unknown as ExecutionContext);
  };

  beforeEach(() => {
    asked = 0;
    const authenticate: Authenticator['authenticate'] = async ({ headers: { authorization = '' } }) => {
      asked++;
      return WHO[authorization] ?? null;
    };
    guard = new AccessGuard(new Reflector(), { authenticate } as Authenticator);
  });

  it('lets anybody in where a method says so, and looks at no token', () => {
    expect(ask(open)).toBe(true);
    expect(ask(open, 'Bearer wrong')).toBe(true);
    expect(asked).toBe(0);
  });

  it('lets nobody in where nothing is declared', () => {
    expect(() => ask(Undeclared.prototype.silent, 'Bearer user', Undeclared)).toThrow('Undeclared.silent does not declare its @Access.');
  });

  it('refuses without a token and with a wrong one', async () => {
    expect(() => ask(inherited)).toThrow(AuthenticationFailed);
    await expect(ask(inherited, 'Bearer wrong')).rejects.toThrow(AuthenticationFailed);
  });

  it.each([
    ['organization', inherited, 'user'],
    ['organization', inherited, 'key'],
    ['user', personal, 'user'],
    ['user', personal, 'newcomer'],
  ])('declared %s: lets %p in as %s', async (_access, handler, who) => {
    expect(await ask(handler, `Bearer ${who}`)).toBe(true);
    expect(request.user).toBe(WHO[`Bearer ${who}`]);
  });

  it('keeps programs from what only people may do, and people without an organization from its things', async () => {
    await expect(ask(personal, 'Bearer key')).rejects.toThrow(UserRequired);
    await expect(ask(inherited, 'Bearer newcomer')).rejects.toThrow(NoOrganization);
    expect(request.user).toBeUndefined();
  });

  it('answers at once, and asks nobody, for a token that it saw a moment ago', async () => {
    await ask(inherited, 'Bearer key');
    expect(ask(inherited, 'Bearer key')).toBe(true);
    expect(request.user).toBe(KEY);
    expect(() => ask(personal, 'Bearer key')).toThrow(UserRequired);
    expect(asked).toBe(1);
  });

  it('remembers neither refusals nor people who are about to get an organization', async () => {
    for (const who of ['wrong', 'newcomer']) {
      await Promise.resolve(ask(personal, `Bearer ${who}`)).catch(() => undefined);
      await Promise.resolve(ask(personal, `Bearer ${who}`)).catch(() => undefined);
    }
    expect(asked).toBe(4);
  });
});
