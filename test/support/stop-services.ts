import type { Config } from '@jest/types';
import { rmSync } from 'node:fs';
import { isWhole, reportUnseen } from './description-coverage';
import { SEEN_FOLDER } from './seen-folder';
import { reportUnwatched } from './log-watch';
import { reportUncalled } from './sdk-coverage';

async function stopForAllFiles(run: Config.GlobalConfig, { displayName }: Config.ProjectConfig): Promise<void> {
  await globalThis.posthornServices?.stop();
  const folder = process.env[SEEN_FOLDER];
  if (folder === undefined) return;
  if (displayName?.name === 'e2e' && isWhole(run)) {
    reportUnseen(folder);
    reportUncalled(folder);
    reportUnwatched(folder, { lines: 2_000, secrets: 500 });
  }
  rmSync(folder, { recursive: true, force: true });
}

module.exports = stopForAllFiles;
