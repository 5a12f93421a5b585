import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../../platform/http/access';
import { pageOf, ServesPage, TAKE_TOKEN } from './page';

const PAGE = pageOf({
  title: 'Confirm your address',
  main: '<h1>Confirming your address …</h1><p>One moment. You can also enter the code from the mail where you registered.</p>',
  script: `${TAKE_TOKEN}
if (!token) say('This link is incomplete', 'Open the whole link from the mail, or enter the code from it where you registered.');
else post('verify-email', { token })
  .then((answer) => answer.ok
    ? say('Your address is confirmed', 'You can sign in now.')
    : say('This link does not work any more', 'It was used before, or has expired. Register again to get a new one.'))
  .catch(unreachable);
`,
});

/** Where the link of the verification mail leads. */
@ApiExcludeController()
@Controller('verify-email')
@Access('public')
export class VerifyEmailPageController {
  @Get()
  @ServesPage(PAGE)
  page(): string {
    return PAGE.html;
  }
}
