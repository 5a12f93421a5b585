import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../platform/http/access';
import { Mailbox, type ReceivedMail } from './mailbox';
import { type Html, html, keepFromOthers, pageOf, wantsPage } from './page';

@ApiExcludeController()
@Controller('dev/mailbox')
export class MailboxController {
  constructor(private readonly mailbox: Mailbox) {}

  @Get()
  @Access('public')
  list(@Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): readonly ReceivedMail[] | string {
    keepFromOthers(reply);
    const mails = this.mailbox.list();
    if (!wantsPage(accept)) return mails;
    void reply.type('text/html; charset=utf-8');
    return pageOf('Mailbox', 'Mail that Posthorn has sent since the API started. None of it has left this machine.', mails.map(articleOf));
  }
}

function articleOf({ subject, from, to, text, html: markup, receivedAt }: ReceivedMail): Html {
  return html`<article>
    <h2>${subject}</h2>
    <p class="quiet">${receivedAt} · from ${from} to ${to}</p>
    <pre>${withLinks(text === '' ? markup : text)}</pre>
  </article>`;
}

function withLinks(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`));
}
