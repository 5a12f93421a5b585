import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Controller, Get, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../../platform/http/access';
import { type Html, html, keepFromOthers, pageOf, wantsPage } from './page';
import { Recent } from './recent';

interface ReceivedRequest {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The text that was signed, byte for byte. */
  readonly body: string;
  readonly receivedAt: string;
}

/** An endpoint to try deliveries with: it says yes to everything and shows it. */
@ApiExcludeController()
@Controller('dev/receiver')
export class ReceiverController {
  private readonly requests = new Recent<ReceivedRequest>();

  @Post(['', '*'])
  @HttpCode(200)
  @Access('public')
  receive(@Req() { method, url, headers, rawBody }: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): { received: true } {
    const challenge = headers['webhook-challenge'];
    if (challenge !== undefined) void reply.header('webhook-challenge-response', challenge);
    const body = rawBody?.toString('utf8') ?? '';
    this.requests.add({ id: randomUUID(), method, path: url, headers, body, receivedAt: new Date().toISOString() });
    return { received: true };
  }

  @Get()
  @Access('public')
  list(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): { data: readonly ReceivedRequest[] } | string {
    keepFromOthers(reply);
    const data = this.requests.list();
    if (!wantsPage(accept)) return { data };
    void reply.type('text/html; charset=utf-8');
    return pageOf('Receiver', 'Requests that arrived at this address since the API started, the newest first.', data.map(articleOf));
  }
}

function articleOf({ method, path, headers, body, receivedAt }: ReceivedRequest): Html {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  return html`<article>
    <h2>${method} ${path}</h2>
    <p class="quiet">${receivedAt}</p>
    <pre>${body}</pre>
    <details>
      <summary>Headers</summary>
      <pre>${lines.join('\n')}</pre>
    </details>
  </article>`;
}
