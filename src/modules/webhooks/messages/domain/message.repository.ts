import type { Appended, NewMessage } from './new-message';

/** Port. */
export abstract class MessageRepository {
  /** Resolves after the commit; from then on the message is delivered, whatever process or server dies. */
  abstract append(message: NewMessage): Promise<Appended>;
}
