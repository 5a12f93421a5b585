import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

const OfUser = z.object({ userId: z.string() });
const audit = { audits: ({ userId }: z.output<typeof OfUser>) => userId };

export const UserRegistered = defineEvent('user.registered', OfUser, audit);
export const UserRegistrationRepeated = defineEvent('user.registration_repeated', OfUser, audit);
/** By somebody who was not invited. Of whom nothing is kept. */
export const RegistrationRefused = defineEvent('user.registration_refused', z.object({}), { audits: () => 'nobody', result: 'refused' });
export const UserEmailVerified = defineEvent('user.email_verified', OfUser, audit);

/** For an unknown address as well, with nobody: what is known and what is not must cost the same. */
export const PasswordResetRequested = defineEvent('user.password_reset_requested', z.object({ userId: z.string().nullable() }), {
  audits: ({ userId }) => userId ?? 'nobody',
});
export const UserPasswordReset = defineEvent('user.password_reset', OfUser, audit);
export const UserPasswordChanged = defineEvent('user.password_changed', OfUser, audit);

export const UserProfileUpdated = defineEvent('user.profile_updated', OfUser.extend({ fields: z.array(z.string()) }), {
  ...audit,
  fields: ({ fields }) => fields,
});
export const EmailChangeRequested = defineEvent('user.email_change_requested', OfUser, audit);
export const UserEmailChanged = defineEvent('user.email_changed', OfUser, { ...audit, fields: () => ['email'] });

export const SecondFactorEnabled = defineEvent('user.second_factor_enabled', OfUser, audit);
export const SecondFactorDisabled = defineEvent('user.second_factor_disabled', OfUser, audit);
export const RecoveryCodesRenewed = defineEvent('user.recovery_codes_renewed', OfUser, audit);
export const RecoveryCodeUsed = defineEvent('user.recovery_code_used', OfUser, audit);

/** Signs in with a provider from now on. */
export const UserIdentityLinked = defineEvent('user.identity_linked', OfUser, audit);

/** The account is closed: nobody signs in any more. */
export const UserErasureRequested = defineEvent('user.erasure_requested', OfUser, audit);
/** And nothing is left of it but its id. */
export const UserErased = defineEvent('user.erased', OfUser, audit);
