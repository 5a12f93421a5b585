import { defineModule } from '../../platform/modules/feature-module';
import { NotificationsModule } from './notifications.module';

/** Mails to people about what happened to them. It only listens. */
export const notifications = defineModule({ name: 'notifications', module: NotificationsModule });
