import 'reflect-metadata';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEN_FOLDER } from './seen-folder';
import type { Services } from './services';
import { startTestServices } from './test-services';

declare global {
  var posthornServices: Services | undefined;
}

async function startForAllFiles(): Promise<void> {
  globalThis.posthornServices = await startTestServices();
  process.env[SEEN_FOLDER] = mkdtempSync(join(tmpdir(), 'posthorn-seen-'));
}

module.exports = startForAllFiles;
