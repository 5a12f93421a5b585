import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { EmptyOut } from '../../../platform/http/fields';
import { Caller, type Principal } from '../../../platform/http/principal';
import { NewPassword, Password } from '../../users';
import { ForgotPassword } from '../commands/forgot-password';
import { RecoverAccount } from '../commands/recover-account';
import { ReplacePassword } from '../commands/replace-password';
import { WithPassword } from '../commands/with-password';

/** Lengths only: whatever is not an address is simply nobody's. */
const ForgotPasswordBody = z.strictObject({ email: z.string().min(1).max(320) }).meta({ id: 'ForgotPasswordIn' });
const ResetPasswordBody = z.strictObject({ token: z.string().min(1).max(200), password: NewPassword }).meta({ id: 'ResetPasswordIn' });
const ChangePasswordBody = z.strictObject({ currentPassword: Password, newPassword: NewPassword }).meta({ id: 'ChangePasswordIn' });

@ApiTags('Sign-in')
@Controller()
export class PasswordController {
  constructor(private readonly commands: CommandBus) {}

  @Post('auth/forgot-password')
  @Access('public')
  @HttpCode(202)
  @ApiOperation({
    security: [],
    operationId: 'forgotPassword',
    summary: 'Ask for a mail that leads to a new password. The answer does not tell whether the address is known.',
  })
  @ApiResponse({ status: 202, description: 'A mail is on its way, if there is an account.', standardSchema: EmptyOut })
  async forgot(@Body({ schema: ForgotPasswordBody }) { email }: z.output<typeof ForgotPasswordBody>) {
    await this.commands.execute(new ForgotPassword(email));
    return {};
  }

  @Post('auth/reset-password')
  @Access('public')
  @HttpCode(204)
  @ApiOperation({
    security: [],
    operationId: 'resetPassword',
    summary: 'Set a new password by the token of the mail. Ends all sessions.',
  })
  @ApiResponse({ status: 204, description: 'Set. Sign in with it.' })
  reset(@Body({ schema: ResetPasswordBody }) { token, password }: z.output<typeof ResetPasswordBody>) {
    return this.commands.execute(new RecoverAccount(token, password));
  }

  @Post('users/me/password')
  @Access('account')
  @HttpCode(204)
  @ApiOperation({ operationId: 'changePassword', summary: 'Change the password. Ends all other sessions.' })
  @ApiResponse({ status: 204, description: 'Changed.' })
  change(
    @Caller() { id, sessionId }: Principal,
    @Body({ schema: ChangePasswordBody }) { currentPassword, newPassword }: z.output<typeof ChangePasswordBody>,
  ) {
    return this.commands.execute(new WithPassword(id, { password: currentPassword }, new ReplacePassword(id, sessionId, newPassword)));
  }
}
