import { z } from 'zod';
import { isEmail, MAX_EMAIL_LENGTH } from './domain/email-address';

/** The one spelling of an address, by which it is counted and found. */
export { emailHash, normalizeEmail } from './domain/email-address';

/** No control characters, no halves of surrogate pairs: neither PostgreSQL nor mail can carry them. */
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
const WELL_FORMED = /^\P{Cs}*$/u;

export const EmailAddress = z
  .string()
  .max(MAX_EMAIL_LENGTH, { abort: true })
  .refine(isEmail, 'must be an e-mail address such as ann@example.com');
export const DisplayName = z.string().trim().min(1).max(100).regex(PRINTABLE, 'must not contain control characters');
export const NewPassword = z.string().min(12).max(1_024).regex(WELL_FORMED, 'must be valid Unicode');
/** One that exists: whatever was allowed when it was chosen. */
export const Password = z.string().min(1).max(1_024);
/** Of an authenticator app, or a recovery code. */
export const SecondFactorCode = z.string().min(1).max(100);
