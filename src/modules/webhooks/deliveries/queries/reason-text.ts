/** What happened, for people. The words are stable, and these sentences are not. */
const SENTENCES: Readonly<Record<string, string>> = {
  ok: 'The endpoint answered with success.',
  http_1xx: 'The endpoint answered with a status that ends nothing.',
  http_3xx: 'The endpoint answered with a redirect, which is not followed: set the final address as its URL.',
  http_4xx: 'The endpoint refused the message.',
  http_410_gone: 'The endpoint answered 410 Gone and was disabled.',
  http_429: 'The endpoint asked for fewer messages.',
  http_5xx: 'The endpoint failed.',
  ssrf_blocked: 'The address of the endpoint is not allowed.',
  dns_failed: 'The name of the endpoint could not be resolved.',
  tcp_refused: 'The endpoint refused the connection: nobody listens there.',
  tcp_unreachable: 'There is no way to the network of the endpoint.',
  timeout_connect: 'The endpoint did not accept the connection in time.',
  timeout_response: 'The endpoint did not answer in time.',
  connection_lost: 'The connection broke before the answer was complete.',
  tls_failed: 'No secure connection: the certificate or the protocol of the endpoint is not acceptable.',
  bad_response: 'The endpoint answered with something that is not HTTP.',
  bad_request: 'The request could not be made: check the URL and the headers of the endpoint.',
};

export function reasonText(reason: string): string {
  return SENTENCES[reason] ?? 'The endpoint answered with a status that is not known.';
}
