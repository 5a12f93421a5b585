import { LookupHash } from '../../platform/crypto/lookup-hash';
import { type EntryRow, nextLink } from './audit-chain';

const ENTRY: EntryRow = {
  id: 'aud_1',
  organization_id: 'org_1',
  actor_kind: 'user',
  actor_id: 'user_1',
  action: 'api_key.created',
  object: 'key_1',
  result: 'success',
  request_id: 'req_1',
  occurred_at: '2026-12-01T10:00:00.000000',
  details: null,
};

describe('a link of the chain', () => {
  const lookup = new LookupHash(Buffer.alloc(32, 1));
  const first = nextLink(lookup, null, ENTRY, null);
  const hashOf = (...args: Parameters<typeof nextLink>) => nextLink(...args).hash.toString('hex');

  it('follows the one before', () => {
    expect(first.sequence).toBe(1);
    expect(nextLink(lookup, first, ENTRY, null).sequence).toBe(2);
  });

  it('changes with everything in its entry, its place and its key', () => {
    const details = Buffer.alloc(32);
    const fields = ['id', 'organization_id', 'actor_kind', 'actor_id', 'action', 'object', 'result', 'request_id', 'occurred_at'] as const;
    const hashes = [
      hashOf(lookup, null, ENTRY, null),
      ...fields.map((field) => hashOf(lookup, null, { ...ENTRY, [field]: 'other' }, null)),
      hashOf(lookup, null, { ...ENTRY, actor_id: null }, null),
      hashOf(lookup, null, ENTRY, details),
      hashOf(lookup, first, ENTRY, null),
      hashOf(lookup, { ...first, hash: details }, ENTRY, null),
      hashOf(new LookupHash(Buffer.alloc(32, 2)), null, ENTRY, null),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
