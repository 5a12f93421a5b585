/** Names of the Bull queues. Their jobs are empty: a bell says "look", and PostgreSQL says what there is. */
export const FAN_OUT_QUEUE = 'webhooks.fan-out';
export const DELIVER_QUEUE = 'webhooks.deliver';
