import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Env } from '../../src/config/variables';
import { configuration } from '../../src/reference';

type Pages = Record<'configurationPage' | 'envExample', (sections: ReturnType<typeof configuration>) => string>;
const { configurationPage, envExample } = jest.requireActual<Pages>('../../scripts/configuration-page.mjs');

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');

describe.each([
  ['docs/configuration.md', configurationPage],
  ['.env.example', envExample],
])('%s', (file, written) => {
  it('says what the code says: after a change, `npm run configuration` writes it again', () => {
    expect(read(file)).toBe(written(configuration()));
  });
});

describe('every variable', () => {
  it('is in a section, and says what for', () => {
    const told = configuration().flatMap(({ variables }) => variables.filter(({ description }) => description !== ''));

    expect(told.map(({ key }) => key)).toEqual(expect.arrayContaining(Object.keys(Env.shape)));
  });

  const shown = new Map([...read('.env.example').matchAll(/^#([A-Z][A-Z0-9_]*)=(.+)$/gm)].map(([, name, value]) => [name!, value!]));

  it.each(Object.entries(Env.shape).filter(([name]) => shown.has(name)))(
    '%s has a default that it may be set to as well',
    (name, schema) => {
      expect(schema.parse(shown.get(name))).toEqual(schema.parse(undefined));
    },
  );
});
