import type { Appended, NewMessage } from './new-message';

/** Port. Resolves after the commit; from then on a message is delivered, whatever process or server dies. */
export abstract class MessageRepository {
  /** Shares its commit with whatever else arrives. */
  abstract append(message: NewMessage): Promise<Appended>;
  /** All in one commit of their own. @returns one result for each message, in order */
  abstract appendAll(messages: readonly NewMessage[]): Promise<readonly Appended[]>;
}
