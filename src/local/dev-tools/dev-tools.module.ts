import { type DynamicModule, Module } from '@nestjs/common';
import { Mailbox } from './mailbox';
import { MailboxController } from './mailbox.controller';
import { ReceiverController } from './receiver.controller';
import { SMTP_PORT, SmtpSink } from './smtp-sink';

/** A mailbox and a webhook receiver for `npm start`, and for nothing else. */
@Module({})
export class DevToolsModule {
  static forRoot(smtpPort: number): DynamicModule {
    return {
      module: DevToolsModule,
      controllers: [MailboxController, ReceiverController],
      providers: [Mailbox, SmtpSink, { provide: SMTP_PORT, useValue: smtpPort }],
    };
  }
}
