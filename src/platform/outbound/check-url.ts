import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard';

const MAX_URL_BYTES = 2_048;
const MAX_HOST = 253;
/** Control and format characters, every kind of space, lone surrogates: invisible, and read differently by every parser. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}\\]/u;
const START = /^([a-z][a-z0-9+.-]*:)\/\/([^/?#]+)/i;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** Names that mean something else, or something inside, wherever they are looked up. */
const INSIDE_SUFFIX = /\.(localhost|localdomain|local|internal|intranet|lan|home|corp|svc|home\.arpa)$/;

/** Ports that browsers refuse (https://fetch.spec.whatwg.org/#port-blocking), then databases, queues and orchestrators. */
const REFUSED_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117,
  119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636,
  989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
  445, 1433, 1521, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5984, 6379, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 27017,
  27018, 27019,
]);

export type UrlRules = {
  /** In lower case and with the colon. */
  readonly schemes: readonly string[];
  /** Of their own, that belong to another service elsewhere. */
  readonly ports?: readonly number[];
};

const HTTP: UrlRules = { schemes: ['http:', 'https:'] };

/**
 * What is wrong with the URL of a receiver, or null. Names are judged by their looks only: what they resolve to is judged
 * at every connection, by `guardedConnector` or `guardedSocket`.
 */
export function checkUrl(text: string, guard: AddressGuard, { schemes, ports = [] }: UrlRules = HTTP): string | null {
  if (Buffer.byteLength(text) > MAX_URL_BYTES) return `The URL is longer than ${MAX_URL_BYTES} bytes.`;
  if (INVISIBLE.test(text)) return 'The URL contains a space, a backslash or an invisible character.';
  const [, scheme = '', authority = ''] = START.exec(text) ?? [];
  if (!schemes.includes(scheme.toLowerCase()))
    return `The URL must begin with ${either(schemes.map((known) => `${known}//`))} and a host; other schemes are not supported.`;
  if (authority.includes('@')) return 'The URL must not contain a user name or password (userinfo): give them as the header Authorization.';
  if (text.includes('#')) return 'The URL must not contain a fragment.';
  const host = hostOf(text);
  if (host === null) return 'The URL cannot be parsed.';
  const { port } = new URL(text);
  if (port !== '' && REFUSED_PORTS.has(Number(port)) && !ports.includes(Number(port)))
    return `Port ${port} is not allowed: it belongs to another service.`;
  return isIP(host) === 0 ? checkName(host, guard) : checkAddress(host, guard);
}

/** Of a URL, as it is looked up or dialled; null when it has none. Hosts of schemes that are not of the web are spelled as they like, so they are read as those of the web. */
export function hostOf(text: string): string | null {
  const web = text.replace(/^[^:]*:/, 'https:');
  if (!URL.canParse(text) || !URL.canParse(web)) return null;
  return new URL(web).hostname.replace(/^\[|\]$/g, '');
}

function either(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** `localhost` and what ends in it, which never leaves this machine. */
export function isLocalhost(name: string): boolean {
  return /(^|\.)localhost\.?$/i.test(name);
}

function checkAddress(ip: string, guard: AddressGuard): string | null {
  const reason = guard.judge(ip);
  return reason && `The address ${ip} is not allowed (${reason}).`;
}

function checkName(hostname: string, guard: AddressGuard): string | null {
  const name = hostname.replace(/\.$/, '');
  if (name.length > MAX_HOST) return `The host name is longer than ${MAX_HOST} characters.`;
  if (!name.split('.').every((label) => LABEL.test(label))) return 'The host name contains an empty, overlong or malformed label.';
  if (isLocalhost(name) && guard.allowsLoopback) return null;
  if (guard.allowsInside) return null;
  if (!name.includes('.')) return 'The host name must be a full domain name, not a single label.';
  const suffix = INSIDE_SUFFIX.exec(name)?.[0];
  return suffix === undefined ? null : `Host names with the reserved suffix ${suffix} are not allowed.`;
}
