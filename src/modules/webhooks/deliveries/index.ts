/** Bringing messages to endpoints: fan-out, leases, sending, retries, attempts. */
export { ChallengeEndpoint, type ChallengeResult } from './commands/challenge-endpoint';
export { ChallengeOut } from './challenge-out';
export { MessageAttemptExhausted, MessageAttemptFailing, MessageAttemptRecovered } from './deliveries.events';
export { DeliveriesModule } from './deliveries.module';
export { DeliveriesWorkerModule } from './deliveries-worker.module';
export { SILENCE_SECONDS } from './heartbeat';
export { DELIVER_QUEUE, FAN_OUT_QUEUE } from './queues';
