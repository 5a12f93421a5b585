import { noteDeclaration } from '../declarations/declarations';

/** From the least to the most: each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'developer', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

export type PermissionRule = {
  /** The least role that has it. */
  readonly atLeast: Role;
  /** API keys may have it as a scope. */
  readonly apiKeys?: boolean;
  /** Portal tokens may have it as a capability, for their one application. */
  readonly portal?: boolean;
  /** Holds also while the organization waits for its deletion. */
  readonly whenClosed?: boolean;
  readonly description: string;
};

/** What a route may demand of its caller. `name` is public: scopes of API keys and capabilities of portal tokens are such names. */
export type Permission = Readonly<Required<PermissionRule>> & { readonly name: string };

const declared = new Map<string, Permission>();

/** Declares a permission, `<what>.<verb>`; once, in the `*.permissions.ts` of its module. */
export function definePermission(name: string, rule: PermissionRule): Permission {
  noteDeclaration('permission', name, definePermission);
  const permission = { name, apiKeys: false, portal: false, whenClosed: false, ...rule };
  declared.set(name, permission);
  return permission;
}

/** All that are declared, by name. */
export function permissions(): ReadonlyMap<string, Permission> {
  return declared;
}

/** Names of those that API keys (or portal tokens) may have. */
export function grantable(to: 'apiKeys' | 'portal'): string[] {
  return [...declared.values()].filter((permission) => permission[to]).map(({ name }) => name);
}

export function roleHas(role: Role, { atLeast }: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(atLeast);
}
