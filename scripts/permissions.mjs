// `npm run permissions`: writes docs/permissions.md, who may do what, from the declarations in the code.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { permissionsPage } from './permissions-page.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { ownDeclarations, ROLES } = require('../dist/reference.js');
writeFileSync(new URL('../docs/permissions.md', import.meta.url), permissionsPage(ownDeclarations().permissions, ROLES));
