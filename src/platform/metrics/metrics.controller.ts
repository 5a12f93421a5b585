import { Controller, Get, Res } from '@nestjs/common';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { Access } from '../http/access';
import { Measurements } from './measurements';

/** `/metrics`, after what lies in the database was measured. */
@Controller()
@Access('public')
export class MetricsController extends PrometheusController {
  constructor(private readonly measurements: Measurements) {
    super();
  }

  @Get()
  override async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    await this.measurements.refresh();
    return super.index(reply);
  }
}
