/**
 * A key that is the same whenever its parts are: `await idempotencyKey('invoice paid', invoice.id)`. So a job that runs twice
 * takes effect once, also when the second run is another process.
 */
export async function idempotencyKey(...parts: readonly (string | number)[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
