/** Mails to people about what happened to them. It only listens. */
export { NotificationsModule } from './notifications.module';
