import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import net, { BlockList, isIP } from 'node:net';

/**
 * Tests run as if the machine were offline: names other than localhost do not resolve, and a connection that would leave the machine is
 * refused and fails the test that asked for it.
 */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const staysHere = (address: string): boolean => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
const isLocalName = (name: string): boolean => isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');

const strays: string[] = [];

function stray(target: string): Error {
  strays.push(target);
  return new Error(`The network guard refused a connection to ${target}.`);
}

type LookupCallback = (error: NodeJS.ErrnoException | null, answer?: string | LookupAddress[], family?: number) => void;
type Lookup = (name: string, options: LookupOptions, callback: LookupCallback) => void;
type ConnectOptions = { host?: string; path?: string; lookup?: Lookup };

/** Production code may bring its own resolver; what it answers is held to the same rule. */
const guardedLookup =
  (lookup: Lookup): Lookup =>
  (name, options, callback) =>
    lookup(name, options, (error, answer, family) => {
      const addresses = typeof answer === 'string' ? [answer] : (answer ?? []).map(({ address }) => address);
      const leaving = addresses.find((address) => !staysHere(address));
      if (leaving === undefined) callback(error, answer, family);
      else callback(stray(`${name} (${leaving})`));
    });

/** net.connect() passes an array of the normalized arguments; everybody else passes (options) or (port, host). */
function optionsOf(args: unknown[]): ConnectOptions {
  const first = (Array.isArray(args[0]) ? (args as unknown[][])[0]![0] : args[0]) as ConnectOptions | number | string;
  if (typeof first === 'object') return first;
  return typeof args[1] === 'string' ? { host: args[1] } : {};
}

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket;
const socket = net.Socket.prototype as unknown as { connect: Connect };
const real = { connect: socket.connect, lookup: dns.lookup, promisedLookup: dns.promises.lookup };

const guardedConnect: Connect = function (...args) {
  const options = optionsOf(args);
  const { host = 'localhost', path, lookup } = options;
  if (path === undefined && isIP(host) !== 0 && !staysHere(host)) return this.destroy(stray(host));
  if (lookup) options.lookup = guardedLookup(lookup);
  return real.connect.apply(this, args);
};

const notFound = (name: string): Error =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', hostname: name, syscall: 'getaddrinfo' });

function localLookup(name: string, ...rest: unknown[]): void {
  if (isLocalName(name)) (real.lookup as (...args: unknown[]) => void)(name, ...rest);
  else process.nextTick(rest.at(-1) as LookupCallback, notFound(name));
}

async function promisedLocalLookup(name: string, options: LookupOptions = {}): Promise<LookupAddress | LookupAddress[]> {
  if (!isLocalName(name)) throw notFound(name);
  return real.promisedLookup(name, options);
}

beforeAll(() => {
  Object.assign(socket, { connect: guardedConnect });
  Object.assign(dns, { lookup: localLookup });
  Object.assign(dns.promises, { lookup: promisedLocalLookup });
});

afterEach(() => {
  const found = strays.splice(0);
  if (found.length > 0) throw new Error(`This test reached for the network: ${found.join(', ')}`);
});

// Node's own modules are shared by all test files of a Jest worker.
afterAll(() => {
  Object.assign(socket, { connect: real.connect });
  Object.assign(dns, { lookup: real.lookup });
  Object.assign(dns.promises, { lookup: real.promisedLookup });
});
