import { equalsInConstantTime } from '../../../platform/crypto/constant-time';
import type { LookupHash } from '../../../platform/crypto/lookup-hash';

/** What a refresh token says of itself: its session, and how many came before it. */
export type PresentedRefreshToken = { readonly sessionId: string; readonly generation: number; readonly mac: string };

/** What the mac of a token is made from. */
type Origin = { readonly id: string; readonly nonce: Buffer };

const FORMAT = /^phr_(ses_[0-9A-Za-z]{27})_(\d{1,9})_([\w-]{43})$/;

/** Null for what we never made. Nothing is verified yet. */
export function readRefreshToken(text: string): PresentedRefreshToken | null {
  const [, sessionId, generation, mac] = FORMAT.exec(text) ?? [];
  return sessionId && generation && mac ? { sessionId, generation: Number(generation), mac } : null;
}

/**
 * Computed, not stored: whoever reads the database can make none without the key, and asking twice for the same generation gives
 * the same token, so that an answer that got lost can be repeated.
 */
export function refreshToken(session: Origin, generation: number, lookup: LookupHash): string {
  return `phr_${session.id}_${generation}_${macOf(session, generation, lookup)}`;
}

export function isGenuine({ generation, mac }: PresentedRefreshToken, session: Origin, lookup: LookupHash): boolean {
  return equalsInConstantTime(mac, macOf(session, generation, lookup));
}

function macOf({ id, nonce }: Origin, generation: number, lookup: LookupHash): string {
  return lookup.of('session.refresh.v1', `${id}:${generation}:${nonce.toString('base64url')}`).toString('base64url');
}
