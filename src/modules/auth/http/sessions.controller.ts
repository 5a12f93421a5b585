import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { listOf, type PageRequest, pageQuery } from '../../../platform/http/list-page';
import { Caller, type Principal } from '../../../platform/http/principal';
import { IDENTIFIER } from '../../../platform/ids/reference';
import { EndSession } from '../commands/end-session';
import { EndSessions } from '../commands/end-sessions';
import { ListSessions } from '../queries/list-sessions';

const SessionId = z.string().regex(IDENTIFIER);

const SessionOut = z
  .object({
    id: z.string().meta({ examples: ['ses_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    current: z.boolean().meta({ description: 'The session that asks.' }),
    userAgent: z.string().nullable(),
    address: z.string().nullable().meta({ description: 'From where it was opened.' }),
    createdAt: z.iso.datetime(),
    refreshedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'SessionOut' });

/** On which devices a person is signed in. */
@ApiTags('Users')
@Access('account')
@Controller('users/me/sessions')
export class SessionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSessions', summary: 'List where you are signed in' })
  @ApiResponse({ status: 200, description: 'A page of open sessions.', standardSchema: listOf(SessionOut) })
  list(@Caller() { id, sessionId }: Principal, @Query({ schema: pageQuery('descending') }) page: PageRequest) {
    return this.queries.execute(new ListSessions(id, sessionId, page));
  }

  @Delete(':sessionId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endSession', summary: 'Sign out on one device. Its access token is refused everywhere within 2 seconds.' })
  @ApiResponse({ status: 204, description: 'Ended.' })
  async end(@Caller() { id }: Principal, @Param('sessionId', { schema: SessionId }) sessionId: string): Promise<void> {
    await this.commands.execute(new EndSession(id, sessionId));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ operationId: 'endOtherSessions', summary: 'Sign out everywhere else' })
  @ApiResponse({ status: 204, description: 'All sessions but this one have ended.' })
  async endOthers(@Caller() { id, sessionId }: Principal): Promise<void> {
    await this.commands.execute(new EndSessions(id, sessionId, 'ended_by_user'));
  }
}
