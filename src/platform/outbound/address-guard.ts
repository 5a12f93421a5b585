import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Azure's host agent: a public address by its looks, reachable from inside virtual machines only. */
const AZURE_HOST_AGENT = '168.63.129.16';
/** All of the IPv6 space that is handed out for use on the Internet. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/** Decides which addresses we may connect to on behalf of somebody else: the public Internet, and what the operator lists. */
export class AddressGuard {
  private readonly allowed: readonly [Address, number][];

  constructor(allowedCidrs: readonly string[]) {
    this.allowed = allowedCidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  }

  /** Why nothing may be sent to this address, or null when it may. */
  judge(ip: string): string | null {
    if (!ipaddr.isValid(ip)) return 'not an IP address';
    const address = ipaddr.process(ip); // An IPv4-mapped IPv6 address is dialled as IPv4, so it is judged as that.
    if (this.allowed.some((range) => contains(range, address))) return null;
    if (address.kind() === 'ipv6' && !contains(GLOBAL_IPV6, address)) return 'not a public IPv6 address';
    const range = address.range();
    if (range !== 'unicast') return range;
    return address.toString() === AZURE_HOST_AGENT ? 'cloud metadata' : null;
  }

  /** The operator lets this machine be called: development and tests. */
  get allowsLoopback(): boolean {
    return this.judge('127.0.0.1') === null || this.judge('::1') === null;
  }

  /** The operator lets an inside network be called, so names that only mean something inside are worth a try. */
  get allowsInside(): boolean {
    return this.allowed.some(([network]) => network.range() !== 'loopback');
  }
}

function contains([network, bits]: readonly [Address, number], address: Address): boolean {
  if (network instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(network, bits);
  return address instanceof ipaddr.IPv6 && address.match(network, bits);
}
