/** What organizations use: deliveries of their applications, and what these subscribe to. Counted by background tasks. */
export { UsageModule } from './usage.module';
