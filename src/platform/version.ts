import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this release, from package.json, which lies beside `dist` (or `src`, in tests). */
export const VERSION = (JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;
