import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

const OfApiKey = z.object({ apiKeyId: z.string() });
const audit = { audits: ({ apiKeyId }: z.output<typeof OfApiKey>) => apiKeyId };

export const ApiKeyCreated = defineEvent('api_key.created', OfApiKey, audit);
export const ApiKeyRevoked = defineEvent('api_key.revoked', OfApiKey, audit);
export const ApiKeyUpdated = defineEvent('api_key.updated', OfApiKey.extend({ fields: z.array(z.string()) }), {
  ...audit,
  fields: ({ fields }) => fields,
});

const OfPortal = z.object({ applicationId: z.string() });

export const PortalTokenIssued = defineEvent('portal.token_issued', OfPortal.extend({ portalTokenId: z.string() }), {
  audits: ({ applicationId }) => applicationId,
});
export const PortalTokensExpired = defineEvent('portal.tokens_expired', OfPortal, { audits: ({ applicationId }) => applicationId });

const OfSession = z.object({ sessionId: z.string(), userId: z.string() });

/** Why a session ended before its time. */
export const SessionEnd = z.enum([
  'signed_out',
  'ended_by_user',
  'refresh_token_reused',
  'password_changed',
  'password_reset',
  'email_changed',
  'second_factor_changed',
  'account_closed',
]);
export type SessionEnd = z.output<typeof SessionEnd>;

export const SignedIn = defineEvent('auth.signed_in', OfSession, { audits: ({ userId }) => userId });
export const SessionRevoked = defineEvent('session.revoked', OfSession.extend({ reason: SessionEnd }), {
  audits: ({ sessionId }) => sessionId,
});
/** Somebody used a refresh token that its owner had used before: one of the two is a thief, so both are out. */
export const SessionReuseDetected = defineEvent('session.reuse_detected', OfSession, {
  audits: ({ userId }) => userId,
  result: 'refused',
});

/** For an unknown address as well, with nobody: what is known and what is not must cost the same. */
export const SignInFailed = defineEvent('auth.sign_in_failed', z.object({ userId: z.string().nullable() }), {
  audits: ({ userId }) => userId ?? 'nobody',
  result: 'refused',
});

export const AccountExportRequested = defineEvent('user.export_requested', z.object({ userId: z.string() }), {
  audits: ({ userId }) => userId,
});

/** Somebody who was known tried what their role, scopes or capabilities do not hold. */
export const AccessRefused = defineEvent('auth.access_refused', z.object({ subject: z.string(), permission: z.string() }), {
  audits: ({ permission }) => permission,
  result: 'refused',
});
/** A token that we made, and that ended before its time: its session, key or portal is closed. */
export const TokenRefused = defineEvent('auth.token_refused', z.object({ subject: z.string() }), {
  audits: ({ subject }) => subject,
  result: 'refused',
});
