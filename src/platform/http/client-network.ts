import ipaddr from 'ipaddr.js';

/** How much of an IPv6 address one subscriber owns: whoever has one address has them all. */
const SUBSCRIBER_BITS = 64;

/** By what a client is counted: its IPv4 address, or the /64 of its IPv6 address. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${SUBSCRIBER_BITS}`).toString()}/${SUBSCRIBER_BITS}`;
}
