import type { Wire } from './attempt-details';

/** What happened to one HTTP request. A failing receiver is an outcome that we planned for, not an exception. */
export type AttemptOutcome =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      /** At most 64 KiB of it, as bytes: it may be anything. */
      readonly body: Buffer;
      /** `Retry-After` in seconds from now. */
      readonly retryAfterSeconds: number | null;
      readonly wire: Wire;
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly wire: Wire }
  /** By us, at shutdown: it does not count. */
  | { readonly kind: 'aborted' };

export const FAILURE_REASONS = [
  'ssrf_blocked',
  'dns_nxdomain',
  'dns_failed',
  'tcp_refused',
  'tcp_unreachable',
  'timeout_connect',
  'timeout_headers',
  'timeout_body',
  'connection_lost',
  'tls_expired',
  'tls_name_mismatch',
  'tls_untrusted',
  'tls_failed',
  'headers_too_large',
  'bad_response',
  'bad_request',
  'transformation_timeout',
  'transformation_memory',
  'transformation_error',
  'transformation_invalid',
  'transformation_too_large',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What an answer is called. Receivers may send any three digits. */
export const ANSWER_REASONS = [
  'ok',
  'http_410_gone',
  'http_429',
  ...['1', '3', '4', '5', '6', '7', '8', '9'].map((digit) => `http_${digit}xx`),
];

/** A stable word for logs, metrics and people. */
export function reasonOf(outcome: Exclude<AttemptOutcome, { kind: 'aborted' }>): string {
  if (outcome.kind === 'failed') return outcome.reason;
  const { statusCode } = outcome;
  if (isSuccess(statusCode)) return 'ok';
  if (statusCode === 410) return 'http_410_gone';
  if (statusCode === 429) return 'http_429';
  return `http_${Math.floor(statusCode / 100)}xx`;
}

export function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}
