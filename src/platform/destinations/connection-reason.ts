import { AddressBlocked } from '../outbound/guarded-connector';
import type { ConnectionReason } from './attempt-outcome';

const BY_CODE: Readonly<Record<string, ConnectionReason>> = {
  ECONNREFUSED: 'tcp_refused',
  EHOSTUNREACH: 'tcp_unreachable',
  ENETUNREACH: 'tcp_unreachable',
  EADDRNOTAVAIL: 'tcp_unreachable',
  ETIMEDOUT: 'timeout_connect',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
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

/** What an error of a name server, a socket or TLS means for the receiver; null for what is none of them. */
export function connectionReason(error: unknown): ConnectionReason | null {
  if (error instanceof AddressBlocked) return 'ssrf_blocked';
  if (error instanceof AggregateError && !('code' in error)) return connectionReason(error.errors[0]);
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return null;
  // Of a look-up, whose codes may be those of a connection: ECONNREFUSED is a name server that is not there.
  if (typeof syscall === 'string' && syscall.startsWith('query')) return NO_SUCH_NAME.includes(code) ? 'dns_nxdomain' : 'dns_failed';
  return BY_CODE[code] ?? (TLS.test(code) ? 'tls_failed' : null);
}
