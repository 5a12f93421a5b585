import type { SignInTransaction } from './identity-providers';

/** As long as somebody may take at the forms of a provider. */
export const PROVIDER_SIGN_IN_SECONDS = 600;

export type SealedSignIn = SignInTransaction & { readonly until: number };

/** What was sealed for one provider opens for no other. */
export function providerContext(providerId: string): string {
  return `auth.provider_sign_in:${providerId}`;
}
