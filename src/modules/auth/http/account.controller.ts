import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { EmptyOut, plainText } from '../../../platform/http/fields';
import { Caller, type Principal } from '../../../platform/http/principal';
import { Password } from '../../users';
import { CloseAccount } from '../commands/close-account';
import { RequestExport } from '../commands/request-export';
import { WithPassword } from '../commands/with-password';
import { GetAccountExport } from '../queries/get-account-export';
import { ProfileOut } from './me.controller';

const TaskId = plainText(256);
const CloseBody = z.strictObject({ password: Password }).meta({ id: 'AccountCloseIn' });

const AccountData = z.object({
  profile: ProfileOut.omit({ organizations: true }),
  organizations: ProfileOut.shape.organizations,
  sessions: z.array(
    z.object({
      id: z.string().meta({ examples: ['user_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
      userAgent: z.string().nullable(),
      address: z.string().nullable(),
      createdAt: z.iso.datetime(),
      refreshedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
    }),
  ),
});
const ExportStartedOut = z.object({ taskId: z.string() }).meta({ id: 'AccountExportStartedOut' });
const ExportOut = z
  .object({
    taskId: z.string(),
    status: z.enum(['running', 'finished', 'failed', 'canceled']),
    data: AccountData.nullable().meta({ description: 'When finished: all that is known of the person.' }),
  })
  .meta({ id: 'AccountExportOut' });

@ApiTags('Users')
@Access('account')
@Controller('users/me')
export class AccountController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('export')
  @HttpCode(202)
  @ApiOperation({ operationId: 'exportMe', summary: 'Collect all that is known of the signed-in person, in the background' })
  @ApiResponse({ status: 202, description: 'On its way.', standardSchema: ExportStartedOut })
  export(@Caller() { id }: Principal) {
    return this.commands.execute(new RequestExport(id));
  }

  @Get('export/:taskId')
  @ApiOperation({ operationId: 'getMyExport', summary: 'How far an export is, and what it holds' })
  @ApiResponse({ status: 200, description: 'The export.', standardSchema: ExportOut })
  getExport(@Caller() { id }: Principal, @Param('taskId', { schema: TaskId }) taskId: string) {
    return this.queries.execute(new GetAccountExport(id, taskId));
  }

  @Delete()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'eraseMe',
    summary: 'Close the account: signs out at once, and erases the person and what they own alone in the background',
  })
  @ApiResponse({ status: 202, description: 'Closed.', standardSchema: EmptyOut })
  async close(@Caller() { id }: Principal, @Body({ schema: CloseBody }) { password }: z.output<typeof CloseBody>) {
    await this.commands.execute(new WithPassword(id, { password }, new CloseAccount(id)));
    return {};
  }
}
