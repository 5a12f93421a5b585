import { fullest, redisMemory } from './redis-memory';

describe('redisMemory', () => {
  it('reads what INFO says', () => {
    const info = '# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nmaxmemory:4194304\r\nmaxmemory_policy:allkeys-lru\r\n';
    expect(redisMemory(info)).toEqual({ usedBytes: 1_048_576, limitBytes: 4_194_304, policy: 'allkeys-lru' });
  });

  it('knows no limit and no policy where nothing is said of them', () => {
    expect(redisMemory('')).toEqual({ usedBytes: 0, limitBytes: 0, policy: 'unknown' });
  });
});

it('of several nodes, the one that is full first counts', () => {
  const node = (usedBytes: number, limitBytes: number) => ({ usedBytes, limitBytes, policy: 'noeviction' });
  expect(fullest([node(50, 100), node(9, 10), node(80, 0)])).toEqual(node(9, 10));
  expect(fullest([node(50, 0), node(80, 0)])).toEqual(node(80, 0));
});
