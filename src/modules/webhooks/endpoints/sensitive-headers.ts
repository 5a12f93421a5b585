const SENSITIVE = new Set([
  'authorization',
  'x-auth-token',
  'x-api-key',
  'api-key',
  'x-access-token',
  'www-authenticate',
  'proxy-authorization',
]);

/** A credential by its name: its value is not shown again. */
export function isSensitiveHeader(name: string): boolean {
  return SENSITIVE.has(name.toLowerCase());
}
