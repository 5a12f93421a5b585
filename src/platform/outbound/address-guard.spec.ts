import { AddressGuard } from './address-guard';

describe('AddressGuard', () => {
  const strict = new AddressGuard([]);

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('lets %s through', (ip) => {
    expect(strict.judge(ip)).toBeNull();
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'linkLocal'],
    ['::1', 'not a public IPv6 address'],
    ['64:ff9b::a9fe:a9fe', 'not a public IPv6 address'],
    ['fe80::1%eth0', 'not a public IPv6 address'],
    ['2002:7f00:1::', '6to4'],
    ['168.63.129.16', 'cloud metadata'],
    ['::ffff:168.63.129.16', 'cloud metadata'],
    ['example.com', 'not an IP address'],
    ['', 'not an IP address'],
  ])('blocks %s: %s', (ip, reason) => {
    expect(strict.judge(ip)).toBe(reason);
  });

  it('lets through what the operator lists, and nothing beside it', () => {
    const guard = new AddressGuard(['10.1.0.0/16', 'fd00:1::/32']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5'].map((ip) => guard.judge(ip))).toEqual([null, null, null]);
    expect(['10.2.0.1', 'fd00:2::5', '127.0.0.1'].map((ip) => guard.judge(ip))).not.toContain(null);
  });

  it('knows whether loopback and the inside are allowed', () => {
    const of = (...cidrs: string[]) => {
      const { allowsLoopback, allowsInside } = new AddressGuard(cidrs);
      return { allowsLoopback, allowsInside };
    };
    expect(of()).toEqual({ allowsLoopback: false, allowsInside: false });
    expect(of('127.0.0.0/8')).toEqual({ allowsLoopback: true, allowsInside: false });
    expect(of('::1/128')).toEqual({ allowsLoopback: true, allowsInside: false });
    expect(of('192.168.0.0/16')).toEqual({ allowsLoopback: false, allowsInside: true });
  });
});
