import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { Caller, type Principal } from '../../../platform/http/principal';
import { GetProfile } from '../queries/get-profile';

const ProfileOut = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  createdAt: z.iso.datetime(),
  organizations: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(['owner', 'admin', 'developer', 'viewer']) })),
});

@ApiTags('Users')
@Controller('users/me')
export class MeController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('account')
  @ApiOperation({ operationId: 'getMe', summary: 'The signed-in person, and the organizations they belong to' })
  @ApiResponse({ status: 200, description: 'The caller.', standardSchema: ProfileOut })
  get(@Caller() { id }: Principal) {
    return this.queries.execute(new GetProfile(id));
  }
}
