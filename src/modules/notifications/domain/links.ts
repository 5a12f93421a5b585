/** The token is in the fragment, which browsers do not send: it is in no access log and no Referer. */
const link = (page: string) => (publicUrl: string, token: string) => `${publicUrl}/${page}#token=${token}`;

export const verificationLink = link('verify-email');
export const passwordResetLink = link('reset-password');
export const invitationLink = link('accept-invitation');
export const emailChangeLink = link('confirm-email-change');

export function endpointLink(publicUrl: string, applicationId: string, endpointId: string): string {
  return `${publicUrl}/app/${applicationId}/endpoint/${endpointId}`;
}
