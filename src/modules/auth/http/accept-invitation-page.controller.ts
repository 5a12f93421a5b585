import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../../platform/http/access';
import { pageOf, ServesPage, TAKE_TOKEN } from './page';

const PAGE = pageOf({
  title: 'Accept the invitation',
  main: `<h1>Accept the invitation</h1><p>Sign in with the address that was invited. Do you not have an account? Register with this address first, then open this link again.</p>
<form hidden><label for="email">E-mail address</label><input id="email" type="email" autocomplete="username" required><label for="password">Password</label><input id="password" type="password" autocomplete="current-password" required><label for="code">Code of your authenticator app, if you use one</label><input id="code" autocomplete="one-time-code"><button>Sign in and accept</button></form>`,
  script: `${TAKE_TOKEN}
const form = document.querySelector('form');
if (!token) say('This link is incomplete', 'Open the whole link from the mail.');
else form.hidden = false;
const accept = ({ accessToken }) => fetch('/api/v1/invitation/accept', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer ' + accessToken },
  body: JSON.stringify({ token }),
}).then((answer) => answer.ok
  ? (form.remove(), say('Welcome', 'You belong to the organization now.'))
  : say('This invitation does not work', 'It is for another address, was used before, or has expired.'));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const { email, password, code } = form.elements;
  post('login', { email: email.value, password: password.value, code: code.value || null })
    .then((answer) => answer.ok
      ? answer.json().then(accept)
      : answer.json().then(({ detail }) => say('You could not be signed in', typeof detail === 'string' ? detail : 'Check what you typed.')))
    .catch(unreachable);
});
`,
});

/** Where the link of an invitation leads. */
@ApiExcludeController()
@Controller('accept-invitation')
@Access('public')
export class AcceptInvitationPageController {
  @Get()
  @ServesPage(PAGE)
  page(): string {
    return PAGE.html;
  }
}
