import type { OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { type Mail, Mailer } from './mailer';

const TIMEOUT_MS = 10_000;

type SmtpError = { readonly code?: string; readonly responseCode?: number };

/** Says why, without the words of the mail server: those repeat the address, and errors are logged. */
class MailRefused extends Error {
  override readonly name = 'MailRefused';

  constructor({ code = 'unknown', responseCode }: SmtpError) {
    super(`The mail server did not take the mail: ${[code, responseCode].filter(Boolean).join(' ')}`);
  }
}

export class SmtpMailer extends Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter;

  constructor(
    smtpUrl: string,
    private readonly from: string,
  ) {
    super();
    this.transport = createTransport({
      url: smtpUrl,
      pool: true,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  override async send(mail: Mail): Promise<void> {
    await this.transport.sendMail({ from: this.from, ...mail }).catch((error: unknown) => {
      throw new MailRefused(error as SmtpError);
    });
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}
