import { AddressGuard } from '../../outbound/address-guard';
import { REFUSED_URLS, REFUSED_WHEN_DIALLED } from '../../outbound/testing/hostile-urls';
import { flawOfAmqpUrl, loginOf, targetOf } from './amqp-target';

const strict = new AddressGuard([]);
const asAmqp = (url: string) => url.replace(/^https?:/, 'amqp:');
const withRoute = (url: string) => `${new URL(url).pathname === '' ? `${url}/` : url}?exchange=orders`;

describe('the URL of a broker', () => {
  it.each([
    ['amqps://broker.example.com?routingKey=orders', { port: 5_671, secure: true, vhost: '/', exchange: '', routingKey: 'orders' }],
    ['amqp://broker.example.com/?exchange=events', { port: 5_672, secure: false, vhost: '/', exchange: 'events', routingKey: '' }],
    ['AMQPS://Broker.example.com:5673/%2F?exchange=e&routingKey=a.%23', { port: 5_673, vhost: '/', exchange: 'e', routingKey: 'a.#' }],
    ['amqp://broker.example.com/team%2Fa?exchange=%C3%BC', { vhost: 'team/a', exchange: 'ü' }],
  ])('%s says where a message goes', (url, target) => {
    expect(flawOfAmqpUrl(url, strict)).toBeNull();
    expect(targetOf(url)).toMatchObject({ host: 'broker.example.com', ...target });
  });

  it('leads inside no more than that of HTTP does, however the address is spelled', () => {
    const spelled = REFUSED_URLS.filter(([url, why]) => url.startsWith('http') && why !== '2048');
    expect(spelled.length).toBeGreaterThan(30);
    for (const [url, why] of spelled) expect([url, flawOfAmqpUrl(asAmqp(url), strict)]).toEqual([url, expect.stringContaining(why)]);
    for (const url of REFUSED_WHEN_DIALLED.filter((name) => URL.canParse(name)))
      expect([url, flawOfAmqpUrl(withRoute(asAmqp(url)), strict)]).toEqual([url, null]);
  });

  it('is dialled as it was judged', () => {
    for (const host of ['0x08080808', '134744072', '8.8.2056', '%38.8.8.8', '８.8.8.8']) {
      const url = `amqp://${host}/?exchange=a`;
      expect([url, flawOfAmqpUrl(url, strict), targetOf(url)?.host]).toEqual([url, null, '8.8.8.8']);
    }
    expect(targetOf('amqp://')).toBeNull();
  });
});

describe('the login at a broker', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each([
    [{ Authorization: basic('orders:a:b') }, { user: 'orders', password: 'a:b' }],
    [{ authorization: basic('ü:') }, { user: 'ü', password: '' }],
    [{ AUTHORIZATION: basic('only').replace('Basic', 'basic') }, { user: 'only', password: '' }],
    [{ authorization: 'Bearer abc' }, null],
    [{ authorization: 'Basic' }, null],
    [{ authorization: '' }, null],
    [{}, null],
  ])('of %j is %j', (headers, login) => {
    expect(loginOf(headers as Record<string, string>)).toEqual(login);
  });
});
