import type { Mailer } from '../../platform/mail/mailer';
import { greeting, renderMail } from './domain/mail-content';
import { type Notice, Notifier } from './domain/notifier';

/** Tells one person, by mail. */
export class MailNotifier extends Notifier {
  constructor(
    private readonly mailer: Mailer,
    private readonly recipient: { readonly email: string; readonly name: string },
    /** Why they get it: the last sentence. */
    private readonly reason: string,
  ) {
    super();
  }

  override async notify({ title, paragraphs, link }: Notice): Promise<void> {
    const blocks = [greeting(this.recipient.name), ...paragraphs, { link: link.url, label: link.label }, this.reason];
    await this.mailer.send({ to: this.recipient.email, ...renderMail(title, blocks) });
  }
}
