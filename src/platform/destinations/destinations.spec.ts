import { AddressGuard } from '../outbound/address-guard';
import { checkUrl } from '../outbound/check-url';
import { SystemClock } from '../time/clock';
import { type AttemptRequest, NO_WIRE } from './attempt-outcome';
import { defineDestinationKind, type Destination, DestinationKind } from './destination-kind';
import { Destinations, flawOfUrl, reasonsOfKinds, sentenceOfKinds } from './destinations';

const guard = new AddressGuard([]);
const URL_OF_IT = 'Drawer://desk.example.com/top';

class DrawerKind extends DestinationKind {
  readonly sent: AttemptRequest[] = [];

  constructor(
    readonly name = 'drawer',
    readonly schemes = ['drawer:'],
    readonly reasons: Record<string, string> = { drawer_full: 'The drawer is full; its owner must empty it.' },
  ) {
    super();
  }

  override flawOf(url: string): string | null {
    return checkUrl(url, guard, { schemes: this.schemes });
  }

  override open(): Destination {
    return {
      send: (request) => {
        this.sent.push(request);
        return Promise.resolve({ kind: 'accepted', wire: NO_WIRE });
      },
      close: () => Promise.resolve(),
    };
  }
}

describe('a kind of destination that is added', () => {
  const request = (url: string): AttemptRequest => ({ method: 'POST', url, headers: {}, body: Buffer.from('{}'), timeoutMs: 1_000 });

  it('takes the URLs of its schemes, beside the kinds that there are', async () => {
    expect(flawOfUrl(URL_OF_IT, guard)).toBe(
      'The URL must begin with http://, https://, amqp:// or amqps:// and a host; other schemes are not supported.',
    );
    const kind = defineDestinationKind(new DrawerKind());
    expect(flawOfUrl(URL_OF_IT, guard)).toBeNull();
    expect(flawOfUrl('drawer://10.0.0.1/', guard)).toContain('private');
    expect(flawOfUrl('https://example.com/', guard)).toBeNull();
    expect(flawOfUrl('shelf://example.com/', guard)).toContain('drawer://');

    const destinations = new Destinations({ guard, clock: new SystemClock(), maxInFlight: 1, resolve: () => Promise.resolve([]) });
    const { signal } = new AbortController();
    expect(await destinations.send(request(URL_OF_IT), signal)).toMatchObject({ kind: 'accepted' });
    expect(await destinations.send(request('http://10.0.0.1/'), signal)).toMatchObject({ reason: 'ssrf_blocked' });
    expect(await destinations.send(request('shelf://example.com/'), signal)).toMatchObject({ kind: 'failed', reason: 'bad_request' });
    await destinations.close();
    expect(kind.sent).toHaveLength(1);
    expect(reasonsOfKinds()).toContain('drawer_full');
    expect(sentenceOfKinds('drawer_full')).toContain('its owner must empty it');
  });

  it.each([
    ['https:', new DrawerKind('other', ['shelf:', 'https:'], {})],
    ['amqp', new DrawerKind('amqp', ['shelf:'], {})],
    ['http_4xx', new DrawerKind('other', ['shelf:'], { http_4xx: 'Something else.' })],
  ])('is refused when there is %s already', (what, kind) => {
    expect(() => defineDestinationKind(kind)).toThrow(what);
  });
});
