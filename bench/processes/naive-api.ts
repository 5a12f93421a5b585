import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Param, Post, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import Queue from 'bull';
import { Pool } from 'pg';
import { MessageIn } from '../../src/modules/webhooks/messages/http/message.schemas';
import { newId } from '../../src/platform/ids/id';
import { serve } from '../support/child';
import { NAIVE_QUEUE, type NaiveJob } from './naive-schema';

const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const queue = new Queue<NaiveJob>(NAIVE_QUEUE, process.env['REDIS_URL'] ?? '', { prefix: process.env['QUEUE_PREFIX'] ?? '' });

const RETRIES = { attempts: 8, backoff: { type: 'exponential', delay: 5_000 }, removeOnComplete: true };
const INSERT = { name: 'insert', text: 'INSERT INTO message (id, application_id, event_type, payload) VALUES ($1, $2, $3, $4)' };
const ENDPOINTS = { name: 'endpoints', text: 'SELECT id FROM endpoint WHERE application_id = $1' };

@Controller('app/:app_id/msg')
class NaiveController {
  @Post()
  @HttpCode(202)
  async create(@Param('app_id') application: string, @Body({ schema: MessageIn }) { eventType, payload }: MessageIn) {
    const id = newId('msg');
    await pool.query({ ...INSERT, values: [id, application, eventType, JSON.stringify(payload)] });
    const { rows } = await pool.query<{ id: string }>({ ...ENDPOINTS, values: [application] });
    await Promise.all(rows.map((endpoint) => queue.add({ messageId: id, endpointId: endpoint.id }, RETRIES)));
    return { id, eventType, payload, timestamp: new Date() };
  }
}

@Module({ controllers: [NaiveController] })
class NaiveModule {}

/** The design of most teams: the row, then a job for each endpoint. Without tokens, tenants, logs or encryption. */
async function start(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(NaiveModule, new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  serve({ url: () => url });
}
export type NaiveApi = { readonly url: () => string };

void start();
