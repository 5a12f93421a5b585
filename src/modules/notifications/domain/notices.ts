import { greeting, type MailContent, renderMail } from './mail-content';

const NOT_YOU = 'Was it not you? Then choose a new password now: use "forgot password" where you sign in.';

/** What people are told after it has happened to their account, by the type of the event. */
export const NOTICES: Readonly<Record<string, readonly [subject: string, sentence: string]>> = {
  'user.password_changed': ['Your password was changed', 'The password of your account was changed. All other devices were signed out.'],
  'user.password_reset': [
    'Your password was reset',
    'A new password was set for your account, by a link from a mail to you. All devices were signed out.',
  ],
  'user.email_changed': [
    'Your e-mail address was changed',
    'This is the e-mail address of your account from now on. All other devices were signed out.',
  ],
  'user.second_factor_enabled': [
    'Two steps to sign in',
    'From now on, signing in to your account takes a code of your authenticator app as well.',
  ],
  'user.second_factor_disabled': [
    'One step to sign in',
    'The second factor was removed from your account: the password alone is enough to sign in.',
  ],
  'user.recovery_codes_renewed': [
    'New recovery codes',
    'New recovery codes were made for your account. The old ones do not work any more.',
  ],
  'user.recovery_code_used': [
    'A recovery code was used',
    'Somebody signed in to your account, or changed how to, with one of your recovery codes. It does not work a second time.',
  ],
  'organization.ownership_transferred': [
    'You own an organization',
    'The ownership of an organization was transferred to you. You are responsible for it from now on.',
  ],
  'session.reuse_detected': [
    'A device was signed out',
    'The sign-in of one of your devices was used from two places at once, so we ended it. Sign in there again.',
  ],
};

/** @param event type of the event that says so */
export function noticeMail(event: string, name: string): MailContent {
  const notice = NOTICES[event];
  if (!notice) throw new Error(`There is no mail about ${event}.`);
  const [subject, sentence] = notice;
  return renderMail(subject, [greeting(name), sentence, NOT_YOU]);
}
