/** Events that were handed in, as they came. */
export { MessagesModule, MessagesWorkerModule } from './messages.module';
export { CreateMessage } from './commands/create-message';
export { GetMessage } from './queries/get-message';
export { type Candidate, searchByLabel } from './queries/label-search';
export { MESSAGE_COLUMNS, type MessageRow, messageView } from './queries/message-row';
export { messagesById } from './queries/messages-by-id';
export { messageJson, messagePageJson, type MessageView } from './message-json';
export { MessageOut } from './message-out';
export { MessageWrite } from './messages.permissions';
export { MESSAGE_CHANNEL } from './message-channel';
