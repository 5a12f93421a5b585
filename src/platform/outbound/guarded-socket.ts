import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { AddressGuard } from './address-guard';
import { measurePhases } from './connection-phases';
import { AddressBlocked, guardedLookup } from './guarded-connector';
import type { ResolveHost } from './resolve-host';

export type Peer = { readonly host: string; readonly port: number; readonly secure: boolean };

/**
 * A connection for what speaks no HTTP, under the rules of `guardedConnector`: ready to be written to, over TLS with a certificate that was
 * checked. Its errors from now on are the caller's. @param signal ends it, whenever that is @throws AddressBlocked, or why there is none
 */
export async function guardedSocket(
  guard: AddressGuard,
  { host, port, secure }: Peer,
  { resolve, signal }: { readonly resolve: ResolveHost; readonly signal: AbortSignal },
): Promise<Socket> {
  const named = isIP(host) === 0;
  if (!named && guard.judge(host) !== null) throw new AddressBlocked();
  const options = { host, port, lookup: guardedLookup(guard, resolve), signal, noDelay: true };
  const socket = secure ? connectSecurely({ ...options, ...(named && { servername: host }) }) : connect(options);
  const ready = measurePhases(socket);
  await once(socket, secure ? 'secureConnect' : 'connect');
  if (socket.remoteAddress === undefined || guard.judge(socket.remoteAddress) !== null) {
    socket.destroy();
    throw new AddressBlocked();
  }
  ready();
  return socket;
}
