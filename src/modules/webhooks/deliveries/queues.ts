/** Names of the Bull queues. Their jobs are empty: a bell says "look", and PostgreSQL says what there is. */
export const FAN_OUT_QUEUE = 'webhooks.fan-out';
export const DELIVER_QUEUE = 'webhooks.deliver';

/** Channel of PostgreSQL on which a commit that makes deliveries due by hand is told. */
export const DELIVERY_CHANNEL = 'posthorn_deliveries';
