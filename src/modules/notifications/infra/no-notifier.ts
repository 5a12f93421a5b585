import { Notifier } from '../domain/notifier';

/** Where no channel is set up. */
export class NoNotifier extends Notifier {
  override notify(): Promise<void> {
    return Promise.resolve();
  }
}
