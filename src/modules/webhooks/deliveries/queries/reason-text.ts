import { sentenceOfKinds } from '../../../../platform/destinations/destinations';

/**
 * What a reason means, who must act, and what to try: for people. The words are stable, and these sentences are not.
 */
const SENTENCES: Readonly<Record<string, string>> = {
  ok: 'The endpoint answered with success.',
  ssrf_blocked:
    'The address of the endpoint is not allowed; its owner must use one on the public Internet, or the operator of Posthorn allow it by DELIVERY_ALLOW_CIDRS.',
  dns_nxdomain: 'The name of the endpoint does not exist or has no address; its owner must correct the URL or the records of the name.',
  dns_failed:
    'The name of the endpoint could not be looked up in time; if it lasts, its owner must check the name servers of the name, and the operator those of Posthorn.',
  tcp_refused: 'Nobody listens at the endpoint; its owner must start the server, or correct the port or the firewall.',
  tcp_unreachable: 'There is no way to the network of the endpoint; its owner must check that the address is on the public Internet.',
  timeout_connect: 'The endpoint did not accept the connection in time; its owner must check the server and its firewall.',
  connection_lost:
    'The connection broke before the answer was complete; if it lasts, the owner must look for a crash of the server or a proxy that hangs up.',
  tls_expired: 'The certificate of the endpoint has expired; its owner must renew it.',
  tls_name_mismatch:
    'The certificate of the endpoint is for another name; its owner must correct the URL or get a certificate for its name.',
  tls_untrusted:
    'The certificate of the endpoint is not from an authority that is trusted, or an intermediate one is missing; its owner must install the full chain.',
  tls_failed: 'The endpoint did not agree on a secure connection; its owner must have it speak TLS 1.2 or later with a valid certificate.',
  bad_response:
    'The endpoint answered with something that is not of the protocol of its URL; its owner must check which server listens at that port.',
  bad_request: 'The request could not be made; the owner of the endpoint must check its URL and its headers.',
  transformation_timeout: 'The transformation of the endpoint took longer than it may; its owner must have it do less.',
  transformation_memory:
    'The transformation of the endpoint needed more memory than it may, or called itself too deeply; its owner must have it do less.',
  transformation_error: 'The transformation of the endpoint failed by an error of its own; its owner must correct it.',
  transformation_invalid:
    'The transformation of the endpoint did not return a webhook that may be sent; its owner must look at the method, the URL, the headers and the payload.',
  transformation_too_large: 'The transformation of the endpoint returned more than may be sent; its owner must have it return less.',
  // Of former releases.
  timeout_response: 'The endpoint did not answer in time; its owner must have it answer first and work later.',
  // Of deliveries that ended without an attempt.

  endpoint_disabled: 'The endpoint was disabled when its turn came; enable it and recover what it missed.',
  endpoint_deleted: 'The endpoint was deleted before its turn came.',
  organization_closed: 'The organization was deleted before its turn came.',
  payload_expired: 'The payload had expired or was erased when its turn came: there is nothing left to send.',
  transformation_canceled: 'The transformation of the endpoint canceled it.',
  worker_crash:
    'It was under way in three crashes of workers and is taken for their cause; the operator of Posthorn must look into the log, then send it again.',
};

/** Of a reason that there is, or was. */
export function sentenceOf(reason: string): string | undefined {
  return SENTENCES[reason] ?? sentenceOfKinds(reason);
}

export function reasonText(reason: string): string {
  return sentenceOf(reason) ?? 'The endpoint answered with a status that is not known; its owner must have it answer 2xx.';
}
