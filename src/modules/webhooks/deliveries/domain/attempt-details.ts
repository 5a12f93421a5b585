import type { Wire } from '../../../../platform/destinations/attempt-outcome';

/** What went over the wire beside the bodies, and what was made of it before. */
export type AttemptDetails = Wire & {
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Of an endpoint whose messages are changed by code; `error` is what its author is told when that failed, and nothing was sent. */
  readonly transformation?: { readonly method: string | null; readonly error: string | null };
};
