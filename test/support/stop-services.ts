async function stopForAllFiles(): Promise<void> {
  await globalThis.posthornServices?.stop();
}

module.exports = stopForAllFiles;
