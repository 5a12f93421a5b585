import { type Block, greeting, type MailContent, renderMail } from './mail-content';

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
