import { drawnBytes } from './drawn-bytes';

describe('drawnBytes', () => {
  it('gives no bytes out twice, over many blocks', () => {
    const nonces = Array.from({ length: 5_000 }, () => drawnBytes(12).toString('hex'));
    expect(new Set(nonces).size).toBe(5_000);
  });

  it('gives out bytes that later ones leave alone', () => {
    const first = drawnBytes(12);
    const copy = Buffer.from(first);
    for (let n = 0; n < 1_000; n++) drawnBytes(12);
    expect(first).toEqual(copy);
  });
});
