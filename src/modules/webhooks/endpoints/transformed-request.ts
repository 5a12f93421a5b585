import { z } from 'zod';
import { flawOfUrl } from '../../../platform/destinations/destinations';
import { InvalidField } from '../../../platform/errors/domain-error';
import type { AddressGuard } from '../../../platform/outbound/address-guard';
import { checkHeaders } from './domain/endpoint-headers';

/** What a message may be sent by. */
export const METHODS = ['POST', 'PUT', 'PATCH'] as const;
export type Method = (typeof METHODS)[number];

export type Target = { readonly method: Method; readonly url: string; readonly headers: Readonly<Record<string, string>> };

const Given = z.object({
  method: z.enum(METHODS, `must be one of ${METHODS.join(', ')}`).nullish(),
  url: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
});

/** What code made of the target of a message, under the rules for what an owner sets by hand. What it left out is as it was. @returns what is wrong with it, or the target */
export function checkedTarget(given: unknown, original: Target, guard: AddressGuard): Target | string {
  const parsed = Given.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.').slice(0, 200) ?? ''}: ${issue?.message ?? 'is wrong'}`;
  }
  const method = parsed.data.method ?? original.method;
  const url = parsed.data.url ?? original.url;
  const problem = url === original.url ? null : flawOfUrl(url, guard);
  if (problem) return problem;
  try {
    return { method, url, headers: checkHeaders(parsed.data.headers ?? original.headers) };
  } catch (error) {
    if (error instanceof InvalidField) return `${error.loc.slice(1).join('.')}: ${error.message}`;
    throw error;
  }
}
