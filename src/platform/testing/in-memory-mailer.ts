import { type Mail, Mailer } from '../mail/mailer';

export class InMemoryMailer extends Mailer {
  readonly sent: Mail[] = [];

  override async send(mail: Mail): Promise<void> {
    this.sent.push(mail);
    return Promise.resolve();
  }
}
