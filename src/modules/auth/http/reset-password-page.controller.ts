import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../../platform/http/access';
import { pageOf, ServesPage, TAKE_TOKEN } from './page';

const PAGE = pageOf({
  title: 'Choose a new password',
  main: `<h1>Choose a new password</h1><p>At least 12 characters. You will be signed out everywhere.</p>
<form hidden><label for="password">New password</label><input id="password" type="password" autocomplete="new-password" minlength="12" maxlength="1024" required><button>Set password</button></form>`,
  script: `${TAKE_TOKEN}
const form = document.querySelector('form');
if (!token) say('This link is incomplete', 'Open the whole link from the mail.');
else form.hidden = false;
const refused = ({ code, detail }) => code === 'validation_error'
  ? say('Choose another password', 'It ' + detail[0].msg + '.')
  : (form.remove(), say('This link does not work any more', 'It was used before, or has expired. Ask for a new one.'));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  post('reset-password', { token, password: form.elements.password.value })
    .then((answer) => answer.ok
      ? (form.remove(), say('Your password is set', 'You can sign in with it now.'))
      : answer.status === 422 ? answer.json().then(refused) : unreachable())
    .catch(unreachable);
});
`,
});

/** Where the link of the mail to who forgot their password leads. */
@ApiExcludeController()
@Controller('reset-password')
@Access('public')
export class ResetPasswordPageController {
  @Get()
  @ServesPage(PAGE)
  page(): string {
    return PAGE.html;
  }
}
