import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Answer, committedDescription, contractOf } from './description';
import { keepOutOfLogsWhatIsIn } from './log-watch';
import { SEEN_FOLDER } from './seen-folder';

export type Seen = { readonly operationId: string; readonly status: number };

let contract: ReturnType<typeof contractOf> | undefined;
const flaws: string[] = [];
const seen = new Set<string>();

/** Holds an answer to the OpenAPI document; what is wrong fails the test that is running. */
export function watch(method: string, url: string, answer: Answer): void {
  contract ??= contractOf(committedDescription());
  const { operationId, flaw } = contract.judge(method, url, answer);
  if (flaw !== undefined) flaws.push(`${method} ${url} ${answer.statusCode}: ${flaw}`);
  if (operationId !== undefined) seen.add(lineOf({ operationId, status: answer.statusCode }));
}

const lineOf = ({ operationId, status }: Seen): string => JSON.stringify({ operationId, status });

export function hasSeen(operationId: string, status: number): boolean {
  return seen.has(lineOf({ operationId, status }));
}

@Injectable()
class AnswerWatch {
  constructor({ httpAdapter }: HttpAdapterHost) {
    httpAdapter.getInstance<FastifyInstance>().addHook('onSend', async (request, reply, payload) => {
      if (payload instanceof Readable) return Readable.from(watchStream(request, reply, payload));
      watchReply(request, reply, payload);
      return payload;
    });
  }
}

/** The same bytes, which are looked at before the last of them is out. */
async function* watchStream(request: FastifyRequest, reply: FastifyReply, payload: Readable): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of payload as AsyncIterable<Buffer | string>) {
    chunks.push(Buffer.from(chunk as string));
    yield chunks.at(-1)!;
  }
  watchReply(request, reply, Buffer.concat(chunks));
}

function watchReply(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  // Those without a body say nothing that another request does not say.
  if (request.method === 'HEAD' || request.method === 'OPTIONS') return;
  const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.toString() : '';
  keepOutOfLogsWhatIsIn({ headers: request.headers, body: request.body, answer: parsed(body) });
  watch(request.method, request.routeOptions.url ?? request.url, { statusCode: reply.statusCode, headers: reply.getHeaders(), body });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

@Module({})
class Watched {}

/** An API each of whose answers is watched. */
export function watched(api: DynamicModule): DynamicModule {
  return { module: Watched, imports: [api], providers: [AnswerWatch] };
}

export function takeFlaws(): readonly string[] {
  return flaws.splice(0);
}

export function writeSeen(): void {
  const folder = process.env[SEEN_FOLDER];
  if (folder === undefined || seen.size === 0) return;
  appendFileSync(join(folder, `${process.env['JEST_WORKER_ID'] ?? '0'}.jsonl`), `${[...seen].join('\n')}\n`);
  seen.clear();
}
