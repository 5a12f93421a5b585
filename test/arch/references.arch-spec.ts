import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Env } from '../../src/config/variables';
import { type Permission, ROLES } from '../../src/platform/access/permission';
import { declarationsOf, ownDeclarations } from '../../src/platform/modules/declarations-of';
import { addedModules } from '../../src/platform/modules/feature-module';
import { configuration } from '../../src/reference';
import { committedDescription, operationsOf } from '../support/description';

type PermissionsPage = { permissionsPage: (permissions: Iterable<Permission>, roles: readonly string[]) => string };
type EventsPage = { eventsPage: (events: ReturnType<typeof ownDeclarations>['events']) => string };
type ModulePage = { modulePage: (page: ReturnType<typeof declarationsOf> & { operations: object[] }) => string };
type ConfigurationPages = Record<'configurationPage' | 'envExample', (sections: ReturnType<typeof configuration>) => string>;

const { permissionsPage } = jest.requireActual<PermissionsPage>('../../scripts/permissions-page.mjs');
const { eventsPage } = jest.requireActual<EventsPage>('../../scripts/events-page.mjs');
const { configurationPage, envExample } = jest.requireActual<ConfigurationPages>('../../scripts/configuration-page.mjs');
const { modulePage } = jest.requireActual<ModulePage>('../../scripts/module-page.mjs');

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');

describe('docs/permissions.md', () => {
  it('says what the code says: after a change, `npm run permissions` writes it again', () => {
    expect(read('docs/permissions.md')).toBe(permissionsPage(ownDeclarations().permissions, ROLES));
  });
});

describe('docs/events.md', () => {
  it('says what the code says: after a change, `npm run events` writes it again', () => {
    expect(read('docs/events.md')).toBe(eventsPage(ownDeclarations().events));
  });
});

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

it('src/modules/*/reference.md say what the code says: after a change, `npm run reference` writes them again', () => {
  for (const module of addedModules()) {
    const operations = operationsOf(committedDescription())
      .filter(({ operation }) => (operation.tags ?? []).some((tag) => tag in module.tags))
      .map(({ method, path, operation }) => ({ id: operation.operationId, method, path, summary: operation.summary }));
    expect(read(`src/modules/${module.name}/reference.md`)).toBe(modulePage({ ...declarationsOf(module), operations }));
  }
});
