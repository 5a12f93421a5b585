const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds on the monotonic clock of the machine: the same in every process, and the one that profiles are written by. */
export function machineNow(): number {
  return offset + performance.now();
}
