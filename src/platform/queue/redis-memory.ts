/** What Redis says of its memory; a limit of 0 is none. */
export type RedisMemory = { readonly usedBytes: number; readonly limitBytes: number; readonly policy: string };

/** The only policy under which a full Redis loses nothing: it refuses. */
export const SAFE_POLICY = 'noeviction';

/** @param info the answer to `INFO memory`: services that are run for you allow it where they forbid `CONFIG` */
export function redisMemory(info: string): RedisMemory {
  const fields = new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
  const bytes = (name: string) => Number(fields.get(name) ?? 0);
  return { usedBytes: bytes('used_memory'), limitBytes: bytes('maxmemory'), policy: fields.get('maxmemory_policy') ?? 'unknown' };
}

/** Of the nodes of a cluster: the one that is full first. */
export function fullest(nodes: readonly RedisMemory[]): RedisMemory {
  const share = ({ usedBytes, limitBytes }: RedisMemory) => (limitBytes === 0 ? 0 : usedBytes / limitBytes);
  const [first] = [...nodes].sort((a, b) => share(b) - share(a) || b.usedBytes - a.usedBytes);
  if (!first) throw new Error('a Redis without nodes');
  return first;
}
