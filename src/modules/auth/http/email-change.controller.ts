import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { EmptyOut } from '../../../platform/http/fields';
import { Caller, type Principal } from '../../../platform/http/principal';
import { EmailAddress, Password, RequestEmailChange } from '../../users';
import { ReplaceEmail } from '../commands/replace-email';
import { WithPassword } from '../commands/with-password';

const ChangeEmailBody = z.strictObject({ email: EmailAddress, password: Password }).meta({ id: 'ChangeEmailIn' });
const ConfirmBody = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'EmailChangeConfirmIn' });

const ProgressOut = z
  .object({
    confirmed: z.enum(['old', 'new']).meta({ description: 'Which of the two addresses has agreed by this link.' }),
    changed: z.boolean().meta({ description: 'Both have: the address is changed, and all sessions have ended.' }),
  })
  .meta({ id: 'EmailChangeOut' });

@ApiTags('Users')
@Controller()
export class EmailChangeController {
  constructor(private readonly commands: CommandBus) {}

  @Post('users/me/email')
  @Access('account')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'changeEmail',
    summary: 'Ask for another e-mail address. Both addresses get a mail, and both must agree within 24 hours.',
  })
  @ApiResponse({ status: 202, description: 'Two mails are on their way.', standardSchema: EmptyOut })
  async request(@Caller() { id }: Principal, @Body({ schema: ChangeEmailBody }) { email, password }: z.output<typeof ChangeEmailBody>) {
    await this.commands.execute(new WithPassword(id, { password }, new RequestEmailChange(id, email)));
    return {};
  }

  @Post('auth/confirm-email-change')
  @Access('public')
  @HttpCode(200)
  @ApiOperation({ security: [], operationId: 'confirmEmailChange', summary: 'Agree to a change of address by the token of a mail' })
  @ApiResponse({ status: 200, description: 'Agreed.', standardSchema: ProgressOut })
  confirm(@Body({ schema: ConfirmBody }) { token }: z.output<typeof ConfirmBody>) {
    return this.commands.execute(new ReplaceEmail(token));
  }
}
