/** What people are told, in words that fit every medium. Names that strangers chose are in it only where no reader makes a link of them. */
export type Notice = {
  /** One line. */
  readonly title: string;
  /** Sentences, each a paragraph. Plain text: what a medium takes for markup is the notifier's to escape. */
  readonly paragraphs: readonly string[];
  /** Where to look, and what that is called. */
  readonly link: { readonly url: string; readonly label: string };
};

/**
 * Port, an extension point: a medium by which people are told of trouble. Resolves when the medium has taken it, within 10 s, and
 * rejects otherwise; then it is handed over again later, so a repeat may arrive twice. Errors are logged: they name neither the
 * address nor what was told.
 */
export abstract class Notifier {
  abstract notify(notice: Notice): Promise<void>;
}
