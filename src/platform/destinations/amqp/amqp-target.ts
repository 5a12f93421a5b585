import type { AddressGuard } from '../../outbound/address-guard';
import { checkUrl, hostOf } from '../../outbound/check-url';
import type { Peer } from '../../outbound/guarded-socket';

export const SCHEMES = ['amqp:', 'amqps:'];
const PORT = 5_672;
const SECURE_PORT = 5_671;
/** Of a short string of AMQP. */
const MAX_NAME_BYTES = 255;

/** Where a broker is, and where in it a message goes. */
export type AmqpTarget = Peer & { readonly vhost: string; readonly exchange: string; readonly routingKey: string };
export type AmqpLogin = { readonly user: string; readonly password: string };

/** What is wrong with `amqps://host/vhost?exchange=…&routingKey=…`, or null. */
export function flawOfAmqpUrl(text: string, guard: AddressGuard): string | null {
  const flaw = checkUrl(text, guard, { schemes: SCHEMES, ports: [PORT] });
  if (flaw) return flaw;
  const { pathname, searchParams } = new URL(text);
  if (vhostOf(pathname) === null) return 'The path of the URL must be the virtual host, a slash in its name as %2F; / is the default one.';
  const names = [...searchParams.keys()];
  if (names.some((name) => name !== 'exchange' && name !== 'routingKey') || new Set(names).size < names.length)
    return 'The query of the URL may have exchange and routingKey, each once, and nothing else.';
  const { exchange, routingKey } = routeOf(searchParams);
  if (exchange === '' && routingKey === '')
    return 'The URL must say where in the broker messages go: ?exchange=…&routingKey=…, or ?routingKey=… with the name of a queue.';
  const tooLong = Object.entries({ exchange, routingKey }).find(([, value]) => Buffer.byteLength(value) > MAX_NAME_BYTES);
  return tooLong ? `The ${tooLong[0]} of the URL is longer than ${MAX_NAME_BYTES} bytes.` : null;
}

/** Null for what is no URL of a broker. */
export function targetOf(url: string): AmqpTarget | null {
  const host = hostOf(url);
  if (!host) return null;
  const { protocol, port, pathname, searchParams } = new URL(url);
  const secure = protocol === 'amqps:';
  return {
    host,
    port: port === '' ? (secure ? SECURE_PORT : PORT) : Number(port),
    secure,
    vhost: vhostOf(pathname) ?? '/',
    ...routeOf(searchParams),
  };
}

/** That of a header `Authorization: Basic …`; null when there is none. */
export function loginOf(headers: Readonly<Record<string, string>>): AmqpLogin | null {
  const [, value = ''] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  const [, encoded] = /^basic +([a-z0-9+/]+=*)$/i.exec(value) ?? [];
  if (encoded === undefined) return null;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return { user, password: password.join(':') };
}

function routeOf(query: URLSearchParams): Pick<AmqpTarget, 'exchange' | 'routingKey'> {
  return { exchange: query.get('exchange') ?? '', routingKey: query.get('routingKey') ?? '' };
}

function vhostOf(pathname: string): string | null {
  if (pathname === '' || pathname === '/') return '/';
  if (pathname.lastIndexOf('/') > 0) return null;
  try {
    const vhost = decodeURIComponent(pathname.slice(1));
    return Buffer.byteLength(vhost) > MAX_NAME_BYTES ? null : vhost;
  } catch {
    return null;
  }
}
