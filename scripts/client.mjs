// `npm run client`: writes client/src/generated from openapi.json. With --check it writes nothing and fails when something would change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { root } from './steps.mjs';

const HEAD = '// Generated from openapi.json by `npm run client`.\n';
const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
const document = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8'));

/** Where each operation is, by its id. */
function operations() {
  const lines = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => method in methods).map(
      (method) => `  /** ${methods[method].summary} */\n  ${methods[method].operationId}: ['${method.toUpperCase()}', '${path}'],`,
    ),
  );
  return `${HEAD}export const OPERATIONS = {\n${lines.join('\n')}\n} as const;\n`;
}

const folder = join(root, 'client/src/generated');
const files = {
  'schema.ts': HEAD + astToString(await openapiTS(document, { silent: true, defaultNonNullable: false, emptyObjectsUnknown: true })),
  'operations.ts': operations(),
};
const check = process.argv.includes('--check');
if (!check) mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  const file = join(folder, name);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`client/src/generated/${name} is not what openapi.json says: npm run client`);
    process.exitCode = 1;
  }
}
