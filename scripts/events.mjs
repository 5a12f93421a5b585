// `npm run events`: writes docs/events.md, what happens and who observes it, from the declarations in the code.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { eventsPage } from './events-page.mjs';

await ensureInstalled();
await ensureBuilt();

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { ownDeclarations } = require('../dist/reference.js');
writeFileSync(new URL('../docs/events.md', import.meta.url), eventsPage(ownDeclarations().events));
