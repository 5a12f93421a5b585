import { type Block, greeting, type MailContent, renderMail, withoutLinks } from './mail-content';

export type Proof = { readonly link: string; readonly code: string };

export function verificationMail(name: string, proof: Proof): MailContent {
  return renderMail('Confirm your e-mail address', [
    greeting(name),
    'Welcome to Posthorn. Confirm your e-mail address with this link:',
    ...proofBlocks(proof),
    'Did you not register? Then ignore this mail: without your confirmation nobody can use the account.',
  ]);
}

export function alreadyRegisteredMail(name: string): MailContent {
  return renderMail('Somebody tried to register with your address', [
    greeting(name),
    'Somebody tried to register at Posthorn with your e-mail address. You have an account already, so nothing was changed.',
    'Was it you? Then sign in with your password. If it was not you, there is nothing to do.',
  ]);
}

export function registeredAgainMail(name: string, proof: Proof): MailContent {
  return renderMail('Somebody tried to register with your address again', [
    greeting(name),
    'Somebody registered at Posthorn with your e-mail address, which is not confirmed yet. Was it you, just now? Then confirm it with this link:',
    ...proofBlocks(proof),
    'Earlier links and codes are no longer valid. Was it not you? Then ignore this mail: without your confirmation nobody can use the account.',
  ]);
}

const proofBlocks = ({ link, code }: Proof): Block[] => [
  { link, label: 'Confirm address' },
  'Or enter this code:',
  { code },
  'Both are valid for 24 hours.',
];

export function passwordResetMail(name: string, link: string): MailContent {
  return renderMail('Choose a new password', [
    greeting(name),
    'Somebody, we hope you, has forgotten the password of your account at Posthorn. Choose a new one with this link:',
    { link, label: 'Choose a new password' },
    'It works once, and for one hour. All devices will be signed out.',
    'Was it not you? Then ignore this mail: nothing has changed.',
  ]);
}

export function emailChangeOldMail(name: string, link: string): MailContent {
  return renderMail('Do you want another e-mail address?', [
    greeting(name),
    'Somebody who knows your password asks to move your account at Posthorn to another e-mail address. If it is you, agree with this link:',
    { link, label: 'Agree' },
    'It is valid for 24 hours. The other address gets a mail as well: the change happens when both have agreed.',
    'Was it not you? Then do not open the link, and change your password at once.',
  ]);
}

export function emailChangeNewMail(name: string, link: string): MailContent {
  return renderMail('Confirm your new e-mail address', [
    greeting(name),
    'You want to use this address for your account at Posthorn. Confirm it with this link:',
    { link, label: 'Confirm address' },
    'It is valid for 24 hours. Your present address gets a mail as well: the change happens when both have agreed.',
    'Do you not have an account at Posthorn? Then ignore this mail.',
  ]);
}

export function emailTakenMail(name: string): MailContent {
  return renderMail('Somebody wants to use your address', [
    greeting(name),
    'Somebody asked to use your e-mail address for another account at Posthorn. You have an account with it already, so nothing was changed.',
    'Was it you? Then sign in with this address, or erase this account first. If it was not you, there is nothing to do.',
  ]);
}

/** To a stranger: what others typed is shown only where no reader makes a link of it. */
export function invitationMail(organizationName: string, inviterName: string, link: string): MailContent {
  const [inviter, organization] = [withoutLinks(inviterName) ?? 'Somebody', withoutLinks(organizationName) ?? 'their organization'];
  return renderMail('You are invited to Posthorn', [
    'Hello,',
    `${inviter} invites you to ${organization} at Posthorn. Accept with this link:`,
    { link, label: 'Accept the invitation' },
    'Do you not expect this? Then ignore this mail: nothing happens without you.',
  ]);
}
