import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { AddressObject } from 'mailparser';
import type { SMTPServer, SMTPServerDataStream } from 'smtp-server';
import { Mailbox } from './mailbox';

export const SMTP_PORT = Symbol('SMTP_PORT');

const LARGEST_MAIL_BYTES = 10 * 1024 * 1024;

/** Takes in every mail that Posthorn sends and hands none on. */
@Injectable()
export class SmtpSink implements OnModuleInit, OnApplicationShutdown {
  private server: SMTPServer | undefined;

  constructor(
    @Inject(SMTP_PORT) private readonly port: number,
    private readonly mailbox: Mailbox,
  ) {}

  async onModuleInit(): Promise<void> {
    // Loaded here only: a production installation has no development packages.
    const { SMTPServer } = await import('smtp-server');
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      size: LARGEST_MAIL_BYTES,
      onData: (stream, _session, done) => {
        this.takeIn(stream).then(
          () => done(),
          (error: unknown) => done(error as Error),
        );
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    // A client that goes away in the middle of a mail is no reason to end the API.
    server.on('error', () => undefined);
    this.server = server;
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async takeIn(stream: SMTPServerDataStream): Promise<void> {
    const { simpleParser } = await import('mailparser');
    const mail = await simpleParser(stream);
    this.mailbox.deliver({
      to: addressesOf(mail.to),
      from: addressesOf(mail.from),
      subject: mail.subject ?? '',
      text: mail.text ?? '',
      html: mail.html || '',
    });
  }
}

function addressesOf(header: AddressObject | AddressObject[] | undefined): string {
  return [header ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ');
}
