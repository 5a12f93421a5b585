import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Recent } from './recent';

export interface ReceivedMail {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly receivedAt: string;
}

/** What the demo's SMTP server has taken in, in memory only. */
@Injectable()
export class Mailbox {
  private readonly mails = new Recent<ReceivedMail>();

  deliver(mail: Omit<ReceivedMail, 'id' | 'receivedAt'>): void {
    this.mails.add({ id: randomUUID(), ...mail, receivedAt: new Date().toISOString() });
  }

  list(): readonly ReceivedMail[] {
    return this.mails.list();
  }
}
