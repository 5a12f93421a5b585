import { Module } from '@nestjs/common';
import { SendRegistrationRepeatedMailHandler } from './commands/send-registration-repeated-mail';
import { SendVerificationMailHandler } from './commands/send-verification-mail';
import { RegistrationRepeatedMailObserver } from './processors/registration-repeated-mail.observer';
import { VerificationMailObserver } from './processors/verification-mail.observer';

@Module({
  providers: [SendVerificationMailHandler, SendRegistrationRepeatedMailHandler, VerificationMailObserver, RegistrationRepeatedMailObserver],
})
export class NotificationsModule {}
