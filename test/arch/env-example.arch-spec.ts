import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Env } from '../../src/config/env';

/** `NAME=value` must be set by the operator; `#NAME=value` shows the default. */
const LINE = /^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm;

describe('.env.example', () => {
  const text = readFileSync(join(__dirname, '../../.env.example'), 'utf8');
  const lines = [...text.matchAll(LINE)].map(([, off, name, value]) => ({ name: name!, value: value!, isDefault: off === '#' }));
  const optional = Object.entries(Env.shape).filter(([, schema]) => schema.safeParse(undefined).success);

  it('names every variable that Posthorn reads, and no other', () => {
    expect(lines.map(({ name }) => name).sort()).toEqual(Object.keys(Env.shape).sort());
  });

  it('leaves exactly the optional variables commented out', () => {
    const shown = lines.filter(({ isDefault }) => isDefault).map(({ name }) => name);

    expect(shown.sort()).toEqual(optional.map(([name]) => name).sort());
  });

  it.each(optional)('shows the default of %s', (name, schema) => {
    const { value } = lines.find((line) => line.name === name)!;

    expect(value === '' ? undefined : schema.parse(value)).toEqual(value === '' ? undefined : schema.parse(undefined));
  });
});
