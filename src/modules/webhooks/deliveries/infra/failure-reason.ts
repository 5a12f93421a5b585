import { errors } from 'undici';
import { AddressBlocked } from '../../../../platform/outbound/guarded-connector';
import type { FailureReason } from '../domain/attempt-outcome';

const BY_CODE: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'tcp_refused',
  EHOSTUNREACH: 'tcp_unreachable',
  ENETUNREACH: 'tcp_unreachable',
  EADDRNOTAVAIL: 'tcp_unreachable',
  ETIMEDOUT: 'timeout_connect',
  UND_ERR_CONNECT_TIMEOUT: 'timeout_connect',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  UND_ERR_SOCKET: 'connection_lost',
  UND_ERR_HEADERS_OVERFLOW: 'headers_too_large',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  UND_ERR_INVALID_ARG: 'bad_request',
  CERT_HAS_EXPIRED: 'tls_expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls_name_mismatch',
  HOSTNAME_MISMATCH: 'tls_name_mismatch',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_untrusted',
  CERT_UNTRUSTED: 'tls_untrusted',
};
const NO_SUCH_NAME = ['ENOTFOUND', 'ENODATA'];
const TLS = /^(EPROTO$|ERR_TLS|ERR_SSL|CERT_|CRL_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|UNABLE_TO)/;

/** What an error of the HTTP client means for the receiver. */
export function failureReason(error: unknown): FailureReason {
  if (error instanceof AddressBlocked) return 'ssrf_blocked';
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') {
    if (error instanceof AggregateError) return failureReason(error.errors[0]);
    return 'bad_response';
  }
  // Of a look-up, whose codes may be those of a connection: ECONNREFUSED is a name server that is not there.
  if (typeof syscall === 'string' && syscall.startsWith('query')) return NO_SUCH_NAME.includes(code) ? 'dns_nxdomain' : 'dns_failed';
  if (BY_CODE[code]) return BY_CODE[code];
  if (TLS.test(code)) return 'tls_failed';
  const isAnswer = error instanceof errors.HTTPParserError || code.startsWith('HPE_') || code.startsWith('UND_ERR_');
  return isAnswer ? 'bad_response' : 'connection_lost';
}
