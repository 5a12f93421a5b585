import { Resolver } from 'node:dns/promises';

/** All addresses of a name; rejects when there is none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

const LOOKUP_TIMEOUT_MS = 3_000;

/**
 * Asks the name servers by c-ares and not by `getaddrinfo`, which waits in libuv's four threads: one dead name server would
 * hold up all deliveries. Each look-up has its own resolver, so that its deadline cancels nobody else's.
 */
export const resolveHost: ResolveHost = async (hostname) => {
  const resolver = new Resolver({ timeout: LOOKUP_TIMEOUT_MS / 2, tries: 2 });
  const deadline = setTimeout(() => resolver.cancel(), LOOKUP_TIMEOUT_MS);
  try {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0 && v4.status === 'rejected') throw v4.reason;
    return addresses;
  } finally {
    clearTimeout(deadline);
  }
};
