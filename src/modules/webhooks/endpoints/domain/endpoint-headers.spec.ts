import { InvalidField } from '../../../../platform/errors/domain-error';
import { checkHeaders, mergedHeaders } from './endpoint-headers';

describe('headers of an endpoint', () => {
  it('takes what the owner needs', () => {
    const headers = { Authorization: 'Bearer abc', 'X-Api-Key': '123', 'x-tenant_1': 'Müller & Söhne\t(1)', empty: '' };
    expect(checkHeaders(headers)).toBe(headers);
  });

  it.each([
    'host',
    'connection',
    'content-length',
    'transfer-encoding',
    'content-type',
    'content-encoding',
    'te',
    'trailer',
    'upgrade',
    'expect',
    'keep-alive',
    'proxy-authorization',
    'webhook-id',
    'svix-signature',
    'user-agent',
    'date',
    'cookie',
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
    'metadata-flavor',
    'metadata',
    'x-aws-ec2-metadata-token',
    'x-aws-ec2-metadata-token-ttl-seconds',
    'x-amz-date',
    'x-goog-user',
    'x-google-x',
    'x-azure-ref',
    'x-ms-version',
  ])('refuses the reserved name %s in any case', (name) => {
    expect(() => checkHeaders({ [name]: 'x' })).toThrow(InvalidField);
    expect(() => checkHeaders({ [name.toUpperCase()]: 'x' })).toThrow(InvalidField);
  });

  it.each(['', 'a b', 'a:b', 'ä', 'a\r\nb', 'x'.repeat(129), '(a)'])('refuses the name %j', (name) => {
    expect(() => checkHeaders({ [name]: 'x' })).toThrow(InvalidField);
  });

  it.each(['a\r\nX-Injected: 1', 'a\n', '\u0000', '😀', 'Ł', '\u0085', 'x'.repeat(8_192)])('refuses the value %j', (value) => {
    expect(() => checkHeaders({ 'X-A': value })).toThrow(InvalidField);
  });

  it('refuses too many, too much, and the same name in two cases', () => {
    const many = (count: number, size: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`X-${i}`, 'x'.repeat(size)]));
    expect(checkHeaders(many(100, 10))).toBeDefined();
    expect(() => checkHeaders(many(101, 1))).toThrow('100 headers');
    expect(() => checkHeaders(many(5, 4_000))).toThrow('16384');
    expect(() => checkHeaders({ 'X-A': '1', 'x-a': '2' })).toThrow('twice');
  });

  it('names the header that is wrong', () => {
    expect(() => checkHeaders({ good: '1', Host: 'x' })).toThrow(expect.objectContaining({ loc: ['body', 'headers', 'Host'] }) as Error);
  });

  it('merges by name, whatever the case, and takes away by null', () => {
    expect(mergedHeaders({ 'X-A': '1', 'X-B': '2', 'X-C': '3' }, { 'x-a': '9', 'X-b': null, 'X-D': '4' })).toEqual({
      'X-C': '3',
      'x-a': '9',
      'X-D': '4',
    });
    expect(mergedHeaders({ 'X-A': '1' }, { 'X-Missing': null })).toEqual({ 'X-A': '1' });
    expect(() => mergedHeaders({}, { Host: 'x' })).toThrow(InvalidField);
    expect(() => mergedHeaders({}, { 'X-A': '1', 'x-a': '2' })).toThrow(InvalidField);
  });
});
