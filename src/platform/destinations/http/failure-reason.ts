import { errors } from 'undici';
import type { ConnectionReason } from '../attempt-outcome';
import { connectionReason } from '../connection-reason';

const BY_CODE: Readonly<Record<string, ConnectionReason | 'headers_too_large'>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout_connect',
  UND_ERR_SOCKET: 'connection_lost',
  UND_ERR_HEADERS_OVERFLOW: 'headers_too_large',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  UND_ERR_INVALID_ARG: 'bad_request',
};

/** What an error of the HTTP client means for the receiver. */
export function failureReason(error: unknown): ConnectionReason | 'headers_too_large' {
  const reason = connectionReason(error);
  if (reason) return reason;
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string') return 'bad_response';
  if (BY_CODE[code]) return BY_CODE[code];
  const isAnswer = error instanceof errors.HTTPParserError || code.startsWith('HPE_') || code.startsWith('UND_ERR_');
  return isAnswer ? 'bad_response' : 'connection_lost';
}
