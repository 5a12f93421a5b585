import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Access } from '../http/access';
import { Readiness } from './readiness';

const Part = z.object({ status: z.enum(['ok', 'error']).meta({ examples: ['ok'] }) });
const HealthOut = z
  .object({
    database: Part,
    queue: Part.meta({ description: 'What is accepted waits in the database, so this is as well as that.' }),
    cache: Part.meta({ description: 'Each process has its own in memory.' }),
  })
  .meta({ id: 'HealthOut' });

/** For clients: whether it is worth while to call. Orchestrators ask `/readyz`, which also knows of a process that is ending. */
@ApiTags('Health')
@Controller('health')
@Access('public')
export class ServiceHealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @ApiOperation({ security: [], operationId: 'getHealth', summary: 'Whether messages can be accepted' })
  @ApiResponse({ status: 200, standardSchema: HealthOut })
  @ApiResponse({ status: 503, description: 'They cannot: something is not reachable.', standardSchema: HealthOut })
  async get(@Res({ passthrough: true }) reply: FastifyReply): Promise<z.output<typeof HealthOut>> {
    const { database } = await this.readiness.report();
    const status = database === 'ok' ? 'ok' : 'error';
    if (status === 'error') void reply.status(503).header('retry-after', '1');
    return { database: { status }, queue: { status }, cache: { status: 'ok' } };
  }

  @Get('ping')
  @HttpCode(204)
  @ApiOperation({ security: [], operationId: 'pingHealth', summary: 'Whether anybody answers' })
  @ApiResponse({ status: 204, description: 'Somebody does.' })
  ping(): void {
    // The status answers.
  }
}
