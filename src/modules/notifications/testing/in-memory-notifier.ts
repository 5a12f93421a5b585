import { type Notice, Notifier } from '../domain/notifier';

export class InMemoryNotifier extends Notifier {
  readonly notices: Notice[] = [];
  refuses = false;

  override notify(notice: Notice): Promise<void> {
    if (this.refuses) return Promise.reject(new Error('Refused.'));
    this.notices.push(notice);
    return Promise.resolve();
  }
}
