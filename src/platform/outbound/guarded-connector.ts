import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard';
import { isLocalhost } from './check-url';
import { measurePhases } from './connection-phases';
import { resolveHost, type ResolveHost } from './resolve-host';

/** The address of a receiver is one that we do not connect to. Says nothing about which: the answer must not map a network. */
export class AddressBlocked extends Error {
  readonly code = 'ssrf_blocked';

  constructor() {
    super('The address of the endpoint is not allowed.');
  }
}

export type ConnectorSettings = {
  readonly resolve?: ResolveHost;
  /** Name look-up, TCP and TLS handshake together. */
  readonly timeoutMs?: number;
};

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/**
 * `connect` for undici's `Agent` and `Pool`: every new connection is judged where it is made, so neither a name that changes
 * its answer between check and use nor a redirect leads inside. HTTP/1.1 only; no proxy from the environment.
 */
export function guardedConnector(
  guard: AddressGuard,
  { resolve = resolveHost, timeoutMs = 10_000 }: ConnectorSettings = {},
): buildConnector.connector {
  const connect = buildConnector({ allowH2: false, timeout: timeoutMs, lookup: guardedLookup(guard, resolve) });
  return (options, callback) => {
    if (isIP(options.hostname) !== 0 && guard.judge(options.hostname) !== null) {
      callback(new AddressBlocked(), null);
      return;
    }
    // undici returns the socket and does not say so in its types.
    const opening = (connect as (...args: Parameters<typeof connect>) => Socket | undefined)(options, (...result) => {
      const [error, socket] = result;
      if (error === null && (socket.remoteAddress === undefined || guard.judge(socket.remoteAddress) !== null)) {
        socket.destroy();
        callback(new AddressBlocked(), null);
      } else {
        ready?.();
        callback(...result);
      }
    });
    const ready = opening && measurePhases(opening);
  };
}

/** `lookup` of `net.connect()`. */
export function guardedLookup(guard: AddressGuard, resolve: ResolveHost) {
  return (hostname: string, { all = false }: LookupOptions, callback: LookupCallback): void => {
    guardedAddresses(guard, hostname, resolve).then(
      ([first, ...others]) => {
        if (all) callback(null, [first, ...others].map(entry));
        else callback(null, first, isIP(first));
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };
}

/** One blocked address among the answers spoils them all: a resolver that mixes them is not to be trusted. */
async function guardedAddresses(guard: AddressGuard, hostname: string, resolve: ResolveHost): Promise<[string, ...string[]]> {
  const [first, ...others] = isLocalhost(hostname) ? ownAddresses(guard) : await resolve(hostname);
  if (first === undefined || [first, ...others].some((address) => guard.judge(address) !== null)) throw new AddressBlocked();
  return [first, ...others];
}

/** Name servers are not asked about `localhost` (RFC 6761). */
function ownAddresses(guard: AddressGuard): string[] {
  return ['127.0.0.1', '::1'].filter((address) => guard.judge(address) === null);
}

function entry(address: string): LookupAddress {
  return { address, family: isIP(address) };
}
