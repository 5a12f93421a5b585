import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 20;

type Patience = { readonly within?: number; readonly what?: string };

/**
 * Asks again until `probe` returns something other than undefined, null or false, and returns that. A probe that throws (a failed
 * `expect`, a refused connection) is asked again as well; its last error is the cause of the failure at the deadline.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { within = 10_000, what = probe.toString() }: Patience = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + within;
  let last: { answer?: T; error?: unknown } = {};
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
      last = { answer };
    } catch (error) {
      last = { error };
    }
    await pause(POLL_MS);
  } while (Date.now() < deadline);
  if ('error' in last) throw new Error(`Not within ${within} ms: ${what}\n${String(last.error)}`, { cause: last.error });
  throw new Error(`Not within ${within} ms: ${what}; the last answer was ${String(last.answer)}`);
}
