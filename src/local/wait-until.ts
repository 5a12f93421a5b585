import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;

/** Polls until the condition returns something other than undefined or false; answers undefined when the time is over. */
export async function waitUntil<T>(
  timeoutMs: number,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) return result;
    if (performance.now() >= deadline) return undefined;
    await delay(POLL_MS);
  }
}
