/** PostgreSQL channel on which a commit with new messages wakes the relays. */
export const MESSAGE_CHANNEL = 'posthorn_message';
