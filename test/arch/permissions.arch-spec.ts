import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import '../../src/app.module';
import { type Permission, permissions, ROLES } from '../../src/platform/access/permission';

type Page = { permissionsPage: (permissions: Iterable<Permission>, roles: readonly string[]) => string };

const { permissionsPage } = jest.requireActual<Page>('../../scripts/permissions-page.mjs');

describe('docs/permissions.md', () => {
  it('says what the code says: after a change, `npm run permissions` writes it again', () => {
    expect(readFileSync(join(__dirname, '../../docs/permissions.md'), 'utf8')).toBe(permissionsPage(permissions().values(), ROLES));
  });
});
