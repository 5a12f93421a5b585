import { secondsUntil } from './problem.js';

export type RetryOptions = {
  /** How often to ask again after the first time: 3. */
  readonly retries?: number;
  /** Milliseconds before the first repetition; each further one waits twice as long: 250. */
  readonly backoffMs?: number;
  /** The longest wait that the API may ask for by `Retry-After`; beyond it the answer is handed on: 60,000. */
  readonly maxWaitMs?: number;
  /** Milliseconds that one attempt may take: 30,000. */
  readonly timeoutMs?: number;
};

/** Asks again when the network or the API fails, or when the API says when to come back. */
export function retrying(
  fetch: (request: Request) => Promise<Response>,
  { retries = 3, backoffMs = 250, maxWaitMs = 60_000, timeoutMs = 30_000 }: RetryOptions,
): (request: Request) => Promise<Response> {
  const once = (request: Request): Promise<Response> =>
    fetch(new Request(request.clone(), { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) }));
  const backoff = (round: number): number => backoffMs * 2 ** round * (0.5 + Math.random() / 2);

  return async (request) => {
    for (let round = 0; ; round++) {
      const last = round >= retries;
      let wait = backoff(round);
      try {
        const response = await once(request);
        const asked = secondsUntil(response.headers.get('retry-after'));
        if (asked !== null) wait = Math.max(asked * 1_000, wait);
        if (last || wait > maxWaitMs || !isPassing(response.status, asked !== null)) return response;
        await response.body?.cancel();
      } catch (error) {
        if (last || request.signal.aborted) throw error;
      }
      await pause(wait, request.signal);
    }
  };
}

/** 409 with `Retry-After`: an earlier request with the same idempotency key is still under way. */
function isPassing(status: number, toldWhen: boolean): boolean {
  return status === 429 || status >= 500 || (status === 409 && toldWhen);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
