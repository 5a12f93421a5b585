/** The token is in the fragment, which browsers do not send: it is in no access log and no Referer. */
export function verificationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/verify-email#token=${token}`;
}
