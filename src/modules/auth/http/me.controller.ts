import { Body, Controller, Get, Patch } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { Caller, type Principal } from '../../../platform/http/principal';
import { DisplayName, RenameUser } from '../../users';
import { GetProfile } from '../queries/get-profile';

const ProfilePatch = z.strictObject({ name: DisplayName.meta({ examples: ['Ann Miller'] }) }).meta({ id: 'ProfilePatch' });

export const ProfileOut = z
  .object({
    id: z.string().meta({ examples: ['user_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    name: z.string().meta({ examples: ['Ann Miller'] }),
    email: z.string(),
    emailVerified: z.boolean(),
    createdAt: z.iso.datetime(),
    organizations: z.array(
      z.object({
        id: z.string().meta({ examples: ['org_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
        name: z.string(),
        role: z.enum(['owner', 'admin', 'developer', 'viewer']),
      }),
    ),
  })
  .meta({ id: 'ProfileOut' });

@ApiTags('Users')
@Controller('users/me')
export class MeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Access('account')
  @ApiOperation({ operationId: 'getMe', summary: 'The signed-in person, and the organizations they belong to' })
  @ApiResponse({ status: 200, description: 'The caller.', standardSchema: ProfileOut })
  get(@Caller() { id }: Principal) {
    return this.queries.execute(new GetProfile(id));
  }

  @Patch()
  @Access('account')
  @ApiOperation({ operationId: 'updateMe', summary: 'Change the name' })
  @ApiResponse({ status: 200, description: 'The caller as they are now.', standardSchema: ProfileOut })
  async update(@Caller() { id }: Principal, @Body({ schema: ProfilePatch }) { name }: z.output<typeof ProfilePatch>) {
    await this.commands.execute(new RenameUser(id, name));
    return this.queries.execute(new GetProfile(id));
  }
}
