import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Param, Post, StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MessageIn } from '../../src/modules/webhooks/messages/http/message.schemas';
import { newId } from '../../src/platform/ids/id';
import { serve } from '../support/child';

@Controller('app/:app_id/msg')
class BareController {
  @Post()
  @HttpCode(202)
  create(@Param('app_id') _application: string, @Body({ schema: MessageIn }) { eventType, payload }: MessageIn) {
    return { id: newId('msg'), eventType, payload, timestamp: new Date() };
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

/** The same route, method and schema on the same framework: no token, no log, no storage. */
async function start(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  serve({ url: () => url });
}
export type BareRoute = { readonly url: () => string };

void start();
