const SENSITIVE = new Set([
  'authorization',
  'x-auth-token',
  'x-api-key',
  'api-key',
  'x-access-token',
  'www-authenticate',
  'proxy-authorization',
]);

/** In place of a value that is not shown again. */
const HIDDEN = '[hidden]';

/** A credential by its name: its value is not shown again. */
export function isSensitiveHeader(name: string): boolean {
  return SENSITIVE.has(name.toLowerCase());
}

/** Of a header, what those may see who may not see credentials. */
export function shownHeader(name: string, value: string): string {
  return isSensitiveHeader(name) ? HIDDEN : value;
}
