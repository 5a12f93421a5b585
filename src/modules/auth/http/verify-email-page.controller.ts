import { createHash } from 'node:crypto';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../../platform/http/access';

/** The token is in the fragment, which only the browser sees: the page has to hand it in. */
const SCRIPT = `
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);
const say = (title, text) => { document.querySelector('h1').textContent = title; document.querySelector('p').textContent = text; };
if (!token) say('This link is incomplete', 'Open the whole link from the mail, or enter the code from it where you registered.');
else fetch('/api/v1/auth/verify-email', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) })
  .then((answer) => answer.ok
    ? say('Your address is confirmed', 'You can sign in now.')
    : say('This link does not work any more', 'It was used before, or has expired. Register again to get a new one.'))
  .catch(() => say('Posthorn cannot be reached', 'Check your connection and open the link again.'));
`;

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1rem; }
`;

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Confirm your address · Posthorn</title><style>${STYLE}</style></head>
<body><main aria-live="polite"><h1>Confirming your address …</h1><p>One moment.</p><noscript>This page needs JavaScript. You can enter the code from the mail instead.</noscript></main><script>${SCRIPT}</script></body>
</html>`;

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const POLICY = `default-src 'none'; script-src ${sha256(SCRIPT)}; style-src ${sha256(STYLE)}; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Where the link of the verification mail leads. */
@ApiExcludeController()
@Controller('verify-email')
@Access('public')
export class VerifyEmailPageController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('referrer-policy', 'no-referrer')
  @Header('x-content-type-options', 'nosniff')
  page(): string {
    return PAGE;
  }
}
