import { AddressBlocked } from '../../outbound/guarded-connector';
import { failureReason } from './failure-reason';

const coded = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

describe('failureReason', () => {
  it.each([
    ['a name that does not exist', coded('ENOTFOUND', { syscall: 'queryA' }), 'dns_nxdomain'],
    ['a name without an address', coded('ENODATA', { syscall: 'queryA' }), 'dns_nxdomain'],
    ['a name server that is away', coded('ECONNREFUSED', { syscall: 'queryA' }), 'dns_failed'],
    ['a name server that fails', coded('ESERVFAIL', { syscall: 'queryA' }), 'dns_failed'],
    ['a look-up that took too long', coded('ECANCELLED', { syscall: 'queryA' }), 'dns_failed'],
    ['a closed port', coded('ECONNREFUSED', { syscall: 'connect' }), 'tcp_refused'],
    ['both addresses of a name closed', new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]), 'tcp_refused'],
    ['no way there', coded('ENETUNREACH'), 'tcp_unreachable'],
    ['a black hole', coded('UND_ERR_CONNECT_TIMEOUT'), 'timeout_connect'],
    ['an address that is off limits', new AddressBlocked(), 'ssrf_blocked'],
    ['an expired certificate', coded('CERT_HAS_EXPIRED'), 'tls_expired'],
    ['a certificate of another name', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls_name_mismatch'],
    ['a certificate of its own making', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls_untrusted'],
    ['a certificate of the future', coded('CERT_NOT_YET_VALID'), 'tls_failed'],
    ['a server that speaks no TLS', coded('EPROTO'), 'tls_failed'],
    ['a broken connection', coded('UND_ERR_SOCKET'), 'connection_lost'],
    ['headers without end', coded('UND_ERR_HEADERS_OVERFLOW'), 'headers_too_large'],
    ['an answer that is not HTTP', coded('HPE_INVALID_VERSION'), 'bad_response'],
    ['a request that cannot be made', coded('UND_ERR_INVALID_ARG'), 'bad_request'],
    ['what nobody has seen before', new Error('?'), 'bad_response'],
  ])('has a word for %s', (_, error, reason) => expect(failureReason(error)).toBe(reason));
});
