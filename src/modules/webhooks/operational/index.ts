/** What an organization is told of, by webhooks of its own: changes and troubles of its endpoints and messages. */
export { OperationalModule } from './operational.module';
