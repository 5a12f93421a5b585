import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { Caller, type Principal } from '../../../platform/http/principal';
import { ConfirmSecondFactor, Password, RemoveSecondFactor, RenewRecoveryCodes, SecondFactorCode, StartSecondFactor } from '../../users';
import { WithPassword } from '../commands/with-password';

const StartBody = z.strictObject({ password: Password }).meta({ id: 'SecondFactorStartIn' });
const ConfirmBody = z.strictObject({ code: SecondFactorCode }).meta({ id: 'SecondFactorConfirmIn' });
const ChangeBody = z.strictObject({ password: Password, code: SecondFactorCode }).meta({ id: 'SecondFactorChangeIn' });

const StartedOut = z
  .object({
    secret: z.string().meta({ description: 'To type into the authenticator app, in base 32.', examples: ['JBSWY3DPEHPK3PXP'] }),
    uri: z
      .string()
      .meta({ description: 'To show as a QR code.', examples: ['otpauth://totp/Posthorn:ann@example.com?secret=JBSWY3DPEHPK3PXP'] }),
  })
  .meta({ id: 'SecondFactorOut' });
const RecoveryCodesOut = z
  .object({
    recoveryCodes: z.array(z.string()).meta({ description: 'Each works once in place of a code of the app. They are not shown again.' }),
  })
  .meta({ id: 'RecoveryCodesOut' });

@ApiTags('Users')
@Access('account')
@Controller('users/me/second-factor')
export class SecondFactorController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @ApiOperation({ operationId: 'startSecondFactor', summary: 'Begin to set up an authenticator app (TOTP)' })
  @ApiResponse({ status: 201, description: 'Confirm it with a first code.', standardSchema: StartedOut })
  start(@Caller() { id }: Principal, @Body({ schema: StartBody }) { password }: z.output<typeof StartBody>) {
    return this.commands.execute(new WithPassword(id, { password }, new StartSecondFactor(id)));
  }

  @Post('confirm')
  @HttpCode(200)
  @ApiOperation({ operationId: 'confirmSecondFactor', summary: 'Confirm the app by its first code: from now on sign-in asks for one' })
  @ApiResponse({ status: 200, description: 'Set up.', standardSchema: RecoveryCodesOut })
  confirm(@Caller() { id }: Principal, @Body({ schema: ConfirmBody }) { code }: z.output<typeof ConfirmBody>) {
    return this.commands.execute(new ConfirmSecondFactor(id, code));
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @ApiOperation({ operationId: 'renewRecoveryCodes', summary: 'Make new recovery codes. The old ones stop working.' })
  @ApiResponse({ status: 200, description: 'The new ones.', standardSchema: RecoveryCodesOut })
  renew(@Caller() { id }: Principal, @Body({ schema: ChangeBody }) proof: z.output<typeof ChangeBody>) {
    return this.commands.execute(new WithPassword(id, proof, new RenewRecoveryCodes(id)));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeSecondFactor', summary: 'Remove the second factor' })
  @ApiResponse({ status: 204, description: 'Removed.' })
  remove(@Caller() { id }: Principal, @Body({ schema: ChangeBody }) proof: z.output<typeof ChangeBody>) {
    return this.commands.execute(new WithPassword(id, proof, new RemoveSecondFactor(id)));
  }
}
