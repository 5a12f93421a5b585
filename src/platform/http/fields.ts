import { z } from 'zod';
import { IDENTIFIER, isIdOf } from '../ids/reference';

/** Fields that several resources share. Limits are documented by the schemas themselves. */

const ALPHABET = 'may contain letters, digits, "-", "_" and "." only, 1 to 256 of them';

/** Name of an event type, of a channel, of a feature flag. */
export const identifier = z.string().regex(IDENTIFIER, ALPHABET);

/** The caller's own id of an object. It may not look like one of ours: paths take both. */
export function uidOf(prefix: string) {
  return identifier.refine((uid) => !isIdOf(prefix, uid), `must not begin with ${prefix}_`);
}

/** Text that can be stored, shown and logged: well-formed Unicode. */
export function plainText(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => !/[\0\p{Cs}]/u.test(text), 'must not contain NUL or half a surrogate pair');
}

/** A name on one line. */
export function singleLine(max: number) {
  return plainText(max)
    .min(1)
    .refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters');
}

/** One of the words by which messages can be found. */
export const tag = singleLine(128);

const METADATA_BYTES = 4_096;

/** The caller's own keys and values; `null` means none. */
export const metadata = z
  .record(plainText(METADATA_BYTES), plainText(METADATA_BYTES))
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= METADATA_BYTES, `must not be larger than ${METADATA_BYTES} bytes of JSON`)
  .nullable()
  .transform((value) => value ?? {})
  .meta({ description: `Own keys and values, at most ${METADATA_BYTES} bytes of JSON.`, examples: [{ plan: 'pro' }] });

/** Years that are written in four digits, wherever a time goes: neither JSON nor PostgreSQL reads others back. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A point in time, with an offset from UTC. */
export const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((time) => time.getTime() >= EARLIEST && time.getTime() <= LATEST, 'must be in the years 1 to 9999, in UTC');

/** Messages per second. */
export const throttleRate = z.number().int().min(1).max(65_535);

/** Of operations whose effect is seen elsewhere. */
export const EmptyOut = z.object({}).meta({ id: 'EmptyOut' });
