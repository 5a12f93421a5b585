import { InvalidField } from '../../../../platform/errors/domain-error';

/** Headers that the owner of an endpoint adds to its deliveries. */
export type EndpointHeaders = Readonly<Record<string, string>>;

const MAX_HEADERS = 100;
const MAX_NAME = 128;
const MAX_VALUE = 4_096;
const MAX_TOTAL = 16_384;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible latin-1, space and tab: what Node can put on the wire. */
const VALUE = /^[\t\x20-\x7e\xa0-\xff]*$/;

/** What we set ourselves, what steers the connection, and what opens doors of proxies and of cloud metadata services. */
const RESERVED =
  /^(host|connection|content-length|transfer-encoding|content-type|content-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|webhook-.*|svix-.*|user-agent|date|cookie|x-forwarded-.*|forwarded|x-real-ip|metadata-flavor|metadata|x-aws-ec2-metadata-token.*|x-amz-.*|x-goog-.*|x-google-.*|x-azure-.*|x-ms-.*|__proto__)$/i;

/** @throws InvalidField naming the header */
export function checkHeaders(headers: EndpointHeaders): EndpointHeaders {
  const entries = Object.entries(headers);
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    const problem =
      problemOf(name, value) ?? (seen.has(name.toLowerCase()) ? 'The same header is there twice: case does not matter.' : null);
    if (problem) throw new InvalidField(['body', 'headers', name.slice(0, MAX_NAME)], problem);
    seen.add(name.toLowerCase());
  }
  const total = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (entries.length > MAX_HEADERS) throw new InvalidField(['body', 'headers'], `There may be ${MAX_HEADERS} headers.`);
  if (total > MAX_TOTAL) throw new InvalidField(['body', 'headers'], `All headers together may have ${MAX_TOTAL} characters.`);
  return headers;
}

/** `null` takes a header away; a header replaces the one that is called the same in another case. */
export function mergedHeaders(headers: EndpointHeaders, changes: Readonly<Record<string, string | null>>): EndpointHeaders {
  const given = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
  checkHeaders(Object.fromEntries(given));
  const touched = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !touched.has(name.toLowerCase()));
  return checkHeaders(Object.fromEntries([...kept, ...given]));
}

function problemOf(name: string, value: string): string | null {
  if (!TOKEN.test(name) || name.length > MAX_NAME) return `A header name has 1 to ${MAX_NAME} letters, digits and any of !#$%&'*+-.^_\`|~.`;
  if (RESERVED.test(name)) return 'This header cannot be set: it belongs to the delivery or to the network.';
  if (value.length > MAX_VALUE) return `A header value may have ${MAX_VALUE} characters.`;
  return VALUE.test(value) ? null : 'A header value may contain visible latin-1 characters, spaces and tabs only.';
}
