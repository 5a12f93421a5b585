import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../http/access';
import { Readiness } from './readiness';

/** For orchestrators: restart me (`/livez` does not answer), give me no work (`/readyz` is 503). */
@ApiExcludeController()
@Controller()
@Access('public')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('livez')
  live() {
    return { status: 'ok' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const report = await this.readiness.report();
    void reply.status(report.ready ? 200 : 503);
    return report;
  }
}
