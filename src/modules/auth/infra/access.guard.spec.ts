import type { ExecutionContext } from '@nestjs/common';
import type { QueryBus } from '@nestjs/cqrs';
import { Reflector } from '@nestjs/core';
import type { Permission } from '../../../platform/access/permission';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { Access } from '../../../platform/http/access';
import type { Principal } from '../../../platform/http/principal';
import type { ResolveApplication } from '../../webhooks';
import { AuthenticationFailed, InsufficientPermission, NoOrganization, OrganizationClosed, UserRequired } from '../domain/auth.errors';
import { AccessGuard } from './access.guard';
import type { Authenticator } from './authenticator';
import type { Identity } from './identity';
import type { RefusalLog } from './refusal-log';

const permission = (name: string, rule: Partial<Permission> = {}): Permission => ({
  name,
  atLeast: 'viewer',
  apiKeys: true,
  portal: true,
  whenClosed: false,
  description: '',
  ...rule,
});
const READ = permission('thing.read', { whenClosed: true });
const WRITE = permission('thing.write', { atLeast: 'developer', portal: false });
const MANAGE = permission('key.manage', { atLeast: 'admin', apiKeys: false, portal: false });

class Undeclared {
  silent() {}
}
@Access(READ)
class Declared {
  inherited() {}
  @Access('public') open() {}
  @Access('account') personal() {}
  @Access(WRITE) write() {}
  @Access(MANAGE) manage() {}
}
const { inherited, open, personal, write, manage } = Declared.prototype;

const member = (organizationId: string, role: 'owner' | 'viewer' = 'owner', closed = false) => ({ organizationId, role, closed });
const USER: Identity = { kind: 'user', id: 'user_1', sessionId: 'ses_1', memberships: [member('org_1'), member('org_2', 'viewer')] };
const NEWCOMER: Identity = { kind: 'user', id: 'user_2', sessionId: 'ses_2', memberships: [] };
const CLOSED: Identity = { kind: 'user', id: 'user_3', sessionId: 'ses_3', memberships: [member('org_3', 'owner', true)] };
const KEY: Identity = { kind: 'api_key', id: 'key_1', organizationId: 'org_1', scopes: null };
const READ_KEY: Identity = { kind: 'api_key', id: 'key_2', organizationId: 'org_1', scopes: ['thing.read'] };
const PORTAL: Identity = {
  kind: 'portal',
  id: 'tok_1',
  organizationId: 'org_1',
  applicationId: 'app_1',
  scopes: ['thing.read', 'thing.write'],
  featureFlags: [],
};

type Params = Readonly<Record<string, string>>;

describe('AccessGuard', () => {
  let asked: number;
  let written: unknown[];
  let who: Record<string, Identity>;
  let guard: AccessGuard;
  let request: { headers: Record<string, string>; params: Params; user?: Principal };
  const ask = (
    handler: () => void,
    name?: string,
    params: Params = {},
    headers: Record<string, string> = {},
    controller: object = Declared,
  ) => {
    request = { headers: { ...headers, ...(name !== undefined && { authorization: `Bearer ${name}` }) }, params };
    const context = { getHandler: () => handler, getClass: () => controller, switchToHttp: () => ({ getRequest: () => request }) };
    return guard.canActivate(context as unknown as ExecutionContext);
  };

  beforeEach(() => {
    asked = 0;
    who = { user: USER, newcomer: NEWCOMER, closed: CLOSED, key: KEY, readKey: READ_KEY, portal: PORTAL };
    const authenticate: Authenticator['authenticate'] = async ({ headers: { authorization = '' } }) => {
      asked++;
      return who[authorization.slice('Bearer '.length)] ?? null;
    };
    const applications: Record<string, string> = { 'own-uid': 'app_1', 'other-uid': 'app_2' };
    const execute = async ({ idOrUid }: ResolveApplication) => {
      const id = applications[idOrUid.toString()];
      if (id === undefined) throw new EntityNotFound();
      return { id };
    };
    written = [];
    const refusals = {
      ofPermission: ({ id }: Identity, name: string, organizationId: string | null) => written.push([id, name, organizationId]),
      ofToken: () => written.push(['token']),
    } as unknown as RefusalLog;
    guard = new AccessGuard(new Reflector(), { authenticate } as Authenticator, { execute } as unknown as QueryBus, refusals);
  });

  it('lets anybody in where a method says so, and looks at no token', () => {
    expect(ask(open)).toBe(true);
    expect(ask(open, 'wrong')).toBe(true);
    expect(asked).toBe(0);
  });

  it('lets nobody in where nothing is declared', () => {
    expect(() => ask(Undeclared.prototype.silent, 'user', {}, {}, Undeclared)).toThrow('Undeclared.silent does not declare its @Access.');
  });

  it('refuses without a token and with a wrong one', async () => {
    expect(() => ask(inherited)).toThrow(AuthenticationFailed);
    await expect(ask(inherited, 'wrong')).rejects.toThrow(AuthenticationFailed);
    expect(written).toEqual([['token']]);
  });

  it('lets people act for the organization that they joined first, or for the one that the request names', async () => {
    await ask(write, 'user');
    expect(request.user).toMatchObject({ kind: 'user', id: 'user_1', sessionId: 'ses_1', organizationId: 'org_1', role: 'owner' });
    await ask(inherited, 'user', { organizationId: 'org_2' });
    expect(request.user).toMatchObject({ organizationId: 'org_2', role: 'viewer' });
    await ask(inherited, 'user', {}, { 'posthorn-organization': 'org_2' });
    expect(request.user).toMatchObject({ organizationId: 'org_2', role: 'viewer' });
    await ask(inherited, 'user', { organizationId: 'org_1' }, { 'posthorn-organization': 'org_2' });
    expect(request.user).toMatchObject({ organizationId: 'org_1' });
  });

  it('lets people without an organization see to their account only', async () => {
    await ask(personal, 'newcomer');
    expect(request.user).toMatchObject({ id: 'user_2', organizationId: null, role: null });
    await expect(ask(inherited, 'newcomer')).rejects.toThrow(NoOrganization);
  });

  it.each([
    ['a role that is too low', 'user', write, { organizationId: 'org_2' }, InsufficientPermission],
    ['an organization that is not theirs', 'user', inherited, { organizationId: 'org_9' }, EntityNotFound],
    ['an organization that waits for its deletion', 'closed', write, {}, OrganizationClosed],
    ['what only people may do', 'key', personal, {}, UserRequired],
    ['what no API key may do', 'key', manage, {}, InsufficientPermission],
    ['what is not among its scopes', 'readKey', write, {}, InsufficientPermission],
    ["another organization than the key's", 'key', inherited, { organizationId: 'org_2' }, EntityNotFound],
    ['what no portal may do, whatever its token says', 'portal', write, {}, InsufficientPermission],
    ["another application than the portal's", 'portal', inherited, { app_id: 'app_2' }, EntityNotFound],
    ["another application than the portal's, by uid", 'portal', inherited, { app_id: 'other-uid' }, EntityNotFound],
    ['an application that does not exist', 'portal', inherited, { app_id: 'none' }, EntityNotFound],
  ])('refuses %s, remembered or not', async (_what, name, handler, params, refusal) => {
    await expect(ask(handler, name, params)).rejects.toThrow(refusal);
    await expect(ask(handler, name, params)).rejects.toThrow(refusal);
  });

  it('has it written down when somebody known lacks a permission', async () => {
    await expect(ask(write, 'user', { organizationId: 'org_2' })).rejects.toThrow(InsufficientPermission);
    await expect(ask(manage, 'key')).rejects.toThrow(InsufficientPermission);
    await expect(ask(inherited, 'user', { organizationId: 'org_9' })).rejects.toThrow(EntityNotFound);
    expect(written).toEqual([
      ['user_1', 'thing.write', 'org_2'],
      ['key_1', 'key.manage', 'org_1'],
    ]);
  });

  it('lets in who reads what a closed organization still shows', async () => {
    expect(await ask(inherited, 'closed')).toBe(true);
  });

  it.each(['app_1', 'own-uid'])('lets a portal into its application as %s', async (app) => {
    expect(await ask(inherited, 'portal', { app_id: app })).toBe(true);
    expect(request.user).toMatchObject({ kind: 'portal', applicationId: 'app_1', organizationId: 'org_1' });
  });

  it('answers at once, and asks nobody, for a token that it saw a moment ago', async () => {
    await ask(inherited, 'key');
    expect(ask(inherited, 'key')).toBe(true);
    expect(request.user).toMatchObject({ kind: 'api_key', id: 'key_1' });
    expect(asked).toBe(1);
  });

  it('asks once for all who come with a token while it is verified', async () => {
    expect(await Promise.all([ask(inherited, 'key'), ask(write, 'key'), ask(inherited, 'key')])).toEqual([true, true, true]);
    expect(asked).toBe(1);
  });

  it('refuses nobody by an answer that another asked for', async () => {
    const first = ask(write, 'newcomer');
    const second = ask(write, 'newcomer');
    who['newcomer'] = { ...NEWCOMER, memberships: [member('org_5')] };
    await expect(first).rejects.toThrow(NoOrganization);
    expect(await second).toBe(true);
  });

  it('never refuses from memory: a role that was just given counts', async () => {
    await expect(ask(write, 'newcomer')).rejects.toThrow(NoOrganization);
    who['newcomer'] = { ...NEWCOMER, memberships: [member('org_5')] };
    expect(await ask(write, 'newcomer')).toBe(true);
    await expect(ask(write, 'user', { organizationId: 'org_2' })).rejects.toThrow(InsufficientPermission);
    who['user'] = { ...USER, memberships: [member('org_2', 'owner')] };
    expect(await ask(write, 'user', { organizationId: 'org_2' })).toBe(true);
  });
});
