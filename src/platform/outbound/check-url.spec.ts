import { AddressGuard } from './address-guard';
import { checkUrl } from './check-url';
import { ACCEPTED_URLS, REFUSED_URLS, REFUSED_WHEN_DIALLED } from './testing/hostile-urls';

const strict = new AddressGuard([]);
const loopback = new AddressGuard(['127.0.0.0/8', '::1/128']);

describe('checkUrl', () => {
  it.each(REFUSED_URLS)('refuses %j: %s', (url, why) => {
    expect(checkUrl(url, strict)).toContain(why);
  });

  it.each([...ACCEPTED_URLS, ...REFUSED_WHEN_DIALLED])('accepts %j', (url) => {
    expect(checkUrl(url, strict)).toBeNull();
  });

  it.each([
    'http://127.0.0.1:8080/',
    'http://127.1/',
    'http://localhost:3000/hook',
    'http://hooks.localhost/',
    'http://[::1]:8080/',
    'http://[::ffff:127.0.0.1]/',
  ])('accepts %j where the operator allows loopback', (url) => {
    expect(checkUrl(url, loopback)).toBeNull();
  });

  it.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/',
    'http://metadata.google.internal/',
    'http://metadata/',
    'http://foo.localdomain/',
    'http://127.0.0.1:22/',
  ])('refuses %j though loopback is allowed', (url) => {
    expect(checkUrl(url, loopback)).not.toBeNull();
  });

  it('accepts names of the inside where the operator allows an inside network', () => {
    const inside = new AddressGuard(['10.0.0.0/8']);
    expect(['http://orders:8080/', 'http://orders.shop.svc/', 'http://10.1.2.3/'].map((url) => checkUrl(url, inside))).toEqual([
      null,
      null,
      null,
    ]);
    expect(checkUrl('http://172.16.0.1/', inside)).toContain('private');
  });
});
