import type { Cipher } from '../../platform/crypto/cipher';
import { columnContext } from '../../platform/crypto/encrypted-column';
import type { LookupHash } from '../../platform/crypto/lookup-hash';

/** The chain of the entries that belong to no organization. */
export const SYSTEM_CHAIN = 'system';

export const ENTRY_COLUMNS = `e.id, e.organization_id, e.actor_kind, e.actor_id, e.action, e.object, e.result, e.request_id, e.details,
  to_char(e.occurred_at AT TIME ZONE 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS occurred_at`;

export type EntryRow = {
  readonly id: string;
  readonly organization_id: string | null;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly action: string;
  readonly object: string;
  readonly result: string;
  readonly request_id: string | null;
  readonly occurred_at: string;
  readonly details: Buffer | null;
};

/** Null before the first entry of a chain. */
export type Link = { readonly sequence: number; readonly hash: Buffer } | null;

export function chainOf({ organization_id }: Pick<EntryRow, 'organization_id'>): string {
  return organization_id ?? SYSTEM_CHAIN;
}

/** What `Cipher` says when the key is gone, or the bytes are not those that were sealed. All else is a failure to look. */
const UNREADABLE =
  /^Data key \d+ does not exist|^Unknown envelope|unable to authenticate data|Invalid initialization vector|authentication tag/i;

/**
 * The hash of the details in the clear, or null when there are none, or they cannot be read any more. Apart from the
 * seal, so that the seal outlives the key of the organization and a rotation of keys.
 */
export async function detailsHash(lookup: LookupHash, cipher: Cipher, { id, details }: EntryRow): Promise<Buffer | null> {
  if (!details) return null;
  try {
    const clear = await cipher.open(columnContext('audit_entry', 'details', id), details);
    return lookup.of('audit.details.v1', `${id}\0${clear.toString('base64')}`);
  } catch (error) {
    if (UNREADABLE.test((error as Error).message)) return null;
    throw error;
  }
}

/** Seals an entry behind another. Whoever changes, takes or slips in an entry needs the key to make the chain fit again. */
export function nextLink(lookup: LookupHash, previous: Link, entry: EntryRow, details: Buffer | null): NonNullable<Link> {
  const sequence = (previous?.sequence ?? 0) + 1;
  const { id, actor_kind, actor_id, action, object, result, request_id, occurred_at } = entry;
  const content = [id, actor_kind, actor_id, action, object, result, request_id, occurred_at, details?.toString('hex') ?? null];
  const text = JSON.stringify([chainOf(entry), sequence, previous?.hash.toString('hex') ?? null, content]);
  return { sequence, hash: lookup.of('audit.chain.v1', text) };
}

/** Where a chain begins whose older part was deleted: that it was us who did. */
export function anchorProof(lookup: LookupHash, chain: string, { sequence, hash }: NonNullable<Link>): Buffer {
  return lookup.of('audit.anchor.v1', JSON.stringify([chain, sequence, hash.toString('hex')]));
}
