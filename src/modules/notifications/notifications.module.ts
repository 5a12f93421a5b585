import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/env';
import { AddressEndpointNoticeHandler } from './commands/address-endpoint-notice';
import { PostEndpointNoticeHandler } from './commands/post-endpoint-notice';
import { SendEmailChangeMailHandler } from './commands/send-email-change-mail';
import { SendEndpointNoticeHandler } from './commands/send-endpoint-notice';
import { SendInvitationMailHandler } from './commands/send-invitation-mail';
import { SendNoticeHandler } from './commands/send-notice';
import { SendPasswordResetMailHandler } from './commands/send-password-reset-mail';
import { SendRegistrationRepeatedMailHandler } from './commands/send-registration-repeated-mail';
import { SendVerificationMailHandler } from './commands/send-verification-mail';
import { Notifier } from './domain/notifier';
import { ChatNotifier } from './infra/chat-notifier';
import { NoNotifier } from './infra/no-notifier';
import { EmailChangeNewMailObserver } from './processors/email-change-new-mail.observer';
import { EmailChangeOldMailObserver } from './processors/email-change-old-mail.observer';
import { EndpointChatObserver } from './processors/endpoint-chat.observer';
import { EndpointDisabledObserver } from './processors/endpoint-disabled.observer';
import { EndpointFailingObserver } from './processors/endpoint-failing.observer';
import { EndpointNoticeMailObserver } from './processors/endpoint-notice-mail.observer';
import { InvitationMailObserver } from './processors/invitation-mail.observer';
import { NoticeObserver } from './processors/notice.observer';
import { PasswordResetMailObserver } from './processors/password-reset-mail.observer';
import { RegistrationRepeatedMailObserver } from './processors/registration-repeated-mail.observer';
import { VerificationMailObserver } from './processors/verification-mail.observer';

const commands = [
  SendVerificationMailHandler,
  SendRegistrationRepeatedMailHandler,
  SendPasswordResetMailHandler,
  SendEmailChangeMailHandler,
  SendInvitationMailHandler,
  SendNoticeHandler,
  AddressEndpointNoticeHandler,
  SendEndpointNoticeHandler,
  PostEndpointNoticeHandler,
];
const observers = [
  VerificationMailObserver,
  RegistrationRepeatedMailObserver,
  PasswordResetMailObserver,
  EmailChangeOldMailObserver,
  EmailChangeNewMailObserver,
  InvitationMailObserver,
  NoticeObserver,
  EndpointFailingObserver,
  EndpointDisabledObserver,
  EndpointNoticeMailObserver,
  EndpointChatObserver,
];
/** Where those who run the installation are told, beside the mails to those who look after an organization. */
const channel = {
  provide: Notifier,
  inject: [CONFIG],
  useFactory: ({ notices: { chatUrl } }: Config) => (chatUrl === null ? new NoNotifier() : new ChatNotifier(chatUrl)),
};

@Module({ providers: [...commands, ...observers, channel] })
export class NotificationsModule {}
