import fc from 'fast-check';
import { NO_WIRE } from '../../../platform/destinations/attempt-outcome';
import { detailsFromBytes, detailsToBytes, type StoredDetails } from './stored-details';

const USUAL: StoredDetails = {
  url: 'http://127.0.0.1:43210/hooks/12',
  requestHeaders: {
    'content-type': 'application/json',
    'user-agent': 'Posthorn-Webhooks/1',
    'webhook-id': 'msg_2zXk3Wm1pQkq7VvTn8sJ4yRbCdE',
    'webhook-timestamp': '1764149312',
    'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  },
  responseHeaders: {
    date: 'Wed, 26 Nov 2025 09:28:32 GMT',
    connection: 'keep-alive',
    'keep-alive': 'timeout=5',
    'content-length': '0',
  },
  address: '127.0.0.1',
  timings: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: 1.2 },
};

describe('stored details of an attempt', () => {
  it('are read as they were written, whatever is in them', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u0001', '\\u0001', ' GMT","', '","content-length":"', '\u001F\\'),
    );
    const headers = fc.dictionary(text, text);
    const details = fc.record(
      { url: text, requestHeaders: headers, responseHeaders: headers, address: fc.option(text) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(details, (written) => {
        expect(detailsFromBytes(detailsToBytes(written))).toEqual(JSON.parse(JSON.stringify(written)));
      }),
    );
  });

  it('take a third of their JSON when they are the usual', () => {
    expect(detailsToBytes(USUAL).length).toBeLessThan(JSON.stringify(USUAL).length / 3);
  });

  it('are read as former releases wrote them', () => {
    const former = { requestHeaders: USUAL.requestHeaders, ...NO_WIRE };
    expect(detailsFromBytes(Buffer.from(JSON.stringify(former)))).toEqual(former);
  });

  // Attempts in the database are written in these bytes: this one must be read for ever.
  it('are read as this release writes them', () => {
    const written =
      '\u0002127.0.0.1:43210/hooks/12\u0003\u00042zXk3Wm1pQkq7VvTn8sJ4yRbCdE\u000564149312\u0006K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=' +
      '\u0007\u000EWed, 26 Nov 2025 09:28:32\u000F\u00105\u00130\u0008127.0.0.1\u00091.2}}';
    expect(detailsFromBytes(Buffer.from(written))).toEqual(USUAL);
    expect(detailsToBytes(USUAL).toString()).toBe(written);
  });
});
