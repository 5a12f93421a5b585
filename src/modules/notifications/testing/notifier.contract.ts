import type { Notice, Notifier } from '../domain/notifier';

export type Medium = {
  readonly notifier: Notifier;
  /** All that has arrived, as text. */
  readonly arrived: () => Promise<string[]>;
  /** From now on the medium takes nothing. */
  readonly refuse: () => void;
  /** What must not be in an error. */
  readonly address: string;
  readonly close?: () => Promise<void>;
};

const NOTICE: Notice = {
  title: 'Nothing arrives at main',
  paragraphs: ['The endpoint main has answered nothing.', 'Söhne & Co. 🦊 wait.'],
  link: { url: 'https://posthorn.example/app/app_1/endpoint/ep_1', label: 'Show the endpoint' },
};

/** Every implementation of the port must pass this: `describeNotifier('MyNotifier', …)` in a spec of its own. */
export function describeNotifier(name: string, open: () => Promise<Medium>): void {
  describe(`${name} as a Notifier`, () => {
    let medium: Medium;
    beforeAll(async () => {
      medium = await open();
    });
    afterAll(() => medium.close?.());

    it('brings the title, each paragraph and the link', async () => {
      await medium.notifier.notify(NOTICE);
      const [text = ''] = await medium.arrived();
      for (const part of [NOTICE.title, NOTICE.paragraphs[0], '🦊', NOTICE.link.url]) expect(text).toContain(part);
    });

    it('rejects what the medium does not take, and says neither to whom nor what', async () => {
      const before = await medium.arrived();
      medium.refuse();
      const error = await medium.notifier.notify(NOTICE).then(
        () => null,
        (refusal: unknown) => refusal as Error,
      );
      expect(error).toBeInstanceOf(Error);
      const told = `${String(error?.stack)} ${JSON.stringify(error)}`;
      for (const secret of [medium.address, NOTICE.paragraphs[0], NOTICE.link.url]) expect(told).not.toContain(secret);
      expect(await medium.arrived()).toEqual(before);
    });
  });
}
