import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../../platform/http/access';
import { pageOf, ServesPage, TAKE_TOKEN } from './page';

const PAGE = pageOf({
  title: 'Change your address',
  main: '<h1>Change your address?</h1><p>Your account gets its new address when both addresses have agreed.</p><button hidden>Agree</button>',
  script: `${TAKE_TOKEN}
const button = document.querySelector('button');
if (!token) say('This link is incomplete', 'Open the whole link from the mail.');
else button.hidden = false;
const agreed = ({ changed }) => changed
  ? say('Your address is changed', 'Sign in with the new one from now on.')
  : say('You have agreed', 'Now open the link in the mail to the other address.');
button.addEventListener('click', () => {
  button.remove();
  post('confirm-email-change', { token })
    .then((answer) => answer.ok
      ? answer.json().then(agreed)
      : say('This link does not work any more', 'It was used before, or has expired. Ask for the change again.'))
    .catch(unreachable);
});
`,
});

/** Where the links of the two mails about a change of address lead. A click, because mail programs open links to look at them. */
@ApiExcludeController()
@Controller('confirm-email-change')
@Access('public')
export class ConfirmEmailChangePageController {
  @Get()
  @ServesPage(PAGE)
  page(): string {
    return PAGE.html;
  }
}
