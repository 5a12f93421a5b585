export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string };

/** Port: hands one mail to the mail server. Rejects when the server does not take it. */
export abstract class Mailer {
  abstract send(mail: Mail): Promise<void>;
}
