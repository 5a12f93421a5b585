import { createHash } from 'node:crypto';
import { fileOf, noteProblem } from '../declarations/declarations';
import { definedErrors } from '../errors/define-error';
import type { ErrorKind } from '../errors/domain-error';

/** The status of each kind of refusal. */
export const STATUS: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  invalid: 422,
  too_many: 429,
  unavailable: 503,
};

type Explained = readonly [status: number, code: string, advice: string];

/**
 * What a refusal means to its reader: the status, the code, and what to do. A test holds it to the errors of the code. Modules that
 * others add declare theirs with `defineError`.
 */
export const ERRORS: readonly Explained[] = [
  [400, 'bad_request', 'The HTTP request itself is malformed: see `detail`.'],
  [400, 'invalid_json', 'Send a body of valid JSON in UTF-8.'],
  [400, 'invalid_scheme', 'Give the event type a schema whose `examples` begin with an object.'],
  [400, 'limit_reached', 'The endpoint has ten old keys that still sign: wait, or rotate with a grace period of 0.'],
  [400, 'missing_payload', 'The payload expired or was erased: there is nothing left to send.'],
  [401, 'authentication_failed', 'Send `Authorization: Bearer` with a valid access token or API key.'],
  [401, 'invalid_refresh_token', 'The session ended or the token was used before: sign in again.'],
  [401, 'invalid_credentials', 'Check the e-mail address and the password.'],
  [401, 'second_factor_required', 'Repeat the sign-in with `code`: of the authenticator app, or a recovery code.'],
  [403, 'email_not_verified', 'Confirm the address with the link or code of the mail, then sign in.'],
  [403, 'registration_closed', 'Nobody can register here: ask whoever runs the installation.'],
  [401, 'provider_refused', 'Signing in with a provider failed or took too long: begin again.'],
  [403, 'email_not_verified_elsewhere', 'Confirm the address with the provider, then sign in again.'],
  [403, 'no_account', 'Registration is not open: ask for an invitation.'],
  [403, 'insufficient_permission', 'Your role, key or token lacks the permission that `detail` names.'],
  [403, 'no_organization', 'A new account gets its organization within moments: try again.'],
  [403, 'organization_closed', 'The organization waits for its deletion. Its owner can restore it.'],
  [403, 'origin_not_allowed', 'The refresh cookie works from pages under `PUBLIC_URL` only: send the refresh token in the body instead.'],
  [403, 'user_required', 'Use the access token of a person here, not an API key.'],
  [404, 'not_found', 'Check the path and its ids. What belongs to others does not exist for you.'],
  [404, 'api_key_not_found', 'Your organization has no API key with this id.'],
  [404, 'provider_not_found', '`GET /api/v1/auth/oidc` lists the providers.'],
  [404, 'session_not_found', 'You have no session with this id.'],
  [404, 'user_not_found', 'The user does not exist. Seen in logs, not by callers of the API.'],
  [404, 'second_factor_missing', 'The account has no second factor: begin with `POST /users/me/second-factor`.'],
  [405, 'method_not_allowed', 'Use a method that `/docs` lists for this path.'],
  [408, 'request_timeout', 'Send the whole request within 30 seconds.'],
  [409, 'conflict', 'The uid or event id is taken. For an event id: the message was accepted before, and there is nothing to do.'],
  [409, 'event_type_exists', 'The event type is there already: use it, or update it with PUT.'],
  [409, 'endpoint_unverified', 'The endpoint has to answer a challenge first: `POST …/challenge`, which enables it.'],
  [409, 'not_scheduled', 'The message does not wait for its time (any more): it cannot be canceled.'],
  [409, 'concurrent_change', 'Somebody else changed it meanwhile: read it again and repeat.'],
  [409, 'email_taken', 'The address has an account. Kept from callers, who must not learn it.'],
  [409, 'second_factor_exists', 'The account has a second factor already: remove it first.'],
  [409, 'owns_organization', 'Transfer your organization to another member, or delete it, before you close your account.'],
  [409, 'already_member', 'The user is a member of the organization already.'],
  [409, 'already_invited', 'The address has an open invitation: send it again, or revoke it.'],
  [409, 'owner_is_fixed', 'The owner changes by `POST …/transfer` only.'],
  [409, 'owner_must_transfer', 'Make another member the owner first, or delete the organization.'],
  [409, 'organization_already_founded', 'The user has a first organization already. Seen in logs, not by callers.'],
  [409, 'request_under_way', 'The first request with this `Idempotency-Key` has no answer yet: repeat after `Retry-After`.'],
  [409, 'legal_hold', 'Whoever runs the installation has to keep the data of your organization: it can be deleted when that is over.'],
  [413, 'payload_too_large', 'Send less than `MAX_BODY_BYTES` (1 MiB).'],
  [415, 'unsupported_media_type', 'Send `Content-Type: application/json`, in UTF-8 and not compressed.'],
  [422, 'validation_error', '`detail` lists each wrong field with its place in `loc`.'],
  [422, 'idempotency_key_reused', 'The `Idempotency-Key` was used for another body or query: take a new key for a new request.'],
  [422, 'invitation_invalid', 'Ask for another invitation, and accept it with the account of the invited address.'],
  [422, 'verification_failed', 'The link or code is wrong, used or expired: register again for a new one.'],
  [422, 'wrong_password', 'Send the current password of the account.'],
  [422, 'wrong_code', 'Wait for the next code of the authenticator app, or use a recovery code.'],
  [422, 'reset_failed', 'The link is wrong, used or expired: ask for a new one.'],
  [422, 'email_change_failed', 'The link is wrong, used or expired: ask for the change again.'],
  [429, 'rate_limited', 'More requests than `API_RATE_LIMIT` in one second: repeat after `Retry-After`.'],
  [429, 'too_many_attempts', 'Too many attempts to sign in failed: wait for `Retry-After`.'],
  [431, 'headers_too_large', 'Send fewer or shorter headers.'],
  [500, 'internal_error', 'A bug: report it with the `requestId`.'],
  [503, 'provider_unavailable', 'The provider to sign in with is away: try again later.'],
  [503, 'too_busy', 'Too many sign-ins at this moment: repeat after `Retry-After`.'],
  [503, 'unavailable', 'The database is away: repeat after `Retry-After`.'],
];

/** Where a code is explained: the `type` of a problem. */
export function errorLink(publicUrl: string, code: string): string {
  return `${publicUrl}/docs/errors#${code}`;
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem; }
dt { margin-top: 1rem; font-weight: 600; }
dd { margin: 0; }
:target { outline: 2px solid; outline-offset: 0.25rem; }
`;

/** A code of a module that means something else already. */
export function refuseTakenCodes(): void {
  for (const [, code] of ERRORS.filter(([, known]) => definedErrors().has(known)))
    noteProblem(`${fileOf('error code', code)} declares the error code ${code}, which Posthorn has already. Take another one.`);
}

const term = ([status, code, advice]: Explained) => `<dt id="${code}"><code>${code}</code> · ${status}</dt><dd>${marked(advice)}</dd>`;

/** All codes: those of the list, and those that modules declare. */
export function allErrors(): readonly Explained[] {
  return [...ERRORS, ...[...definedErrors().values()].map(({ kind, code, advice }): Explained => [STATUS[kind], code, advice])];
}

/** The reference, made from all codes. */
export const errorPage = (): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Errors · Posthorn</title><style>${STYLE}</style></head>
<body><main><h1>Errors</h1><p>Every refusal has a stable <code>code</code>, a <code>detail</code> for people, and a <code>requestId</code> that is also in the log.</p>
<dl>
${allErrors().map(term).join('\n')}
</dl></main></body>
</html>`;

export const ERROR_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

function marked(advice: string): string {
  return advice
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
