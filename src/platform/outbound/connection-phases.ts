import type { Socket } from 'node:net';

/** How long a connection took to make, in milliseconds; null for a step that it did not need. */
export type ConnectionPhases = { readonly dnsMs: number | null; readonly connectMs: number | null; readonly tlsMs: number | null };

const measured = new WeakMap<Socket, ConnectionPhases>();

/** Call when the socket begins to connect. @returns to be called when it is ready to be written to */
export function measurePhases(socket: Socket): () => void {
  const began = performance.now();
  let [resolved, connected] = [null as number | null, null as number | null];
  socket.once('lookup', () => (resolved = performance.now()));
  socket.once('connect', () => (connected = performance.now()));
  return () => {
    const ready = performance.now();
    const open = connected ?? ready;
    measured.set(socket, {
      dnsMs: resolved === null ? null : resolved - began,
      connectMs: open - (resolved ?? began),
      tlsMs: 'encrypted' in socket ? ready - open : null,
    });
  };
}

/** Once: whoever uses the connection after the first did not wait for it. */
export function takePhases(socket: Socket): ConnectionPhases | null {
  const phases = measured.get(socket) ?? null;
  measured.delete(socket);
  return phases;
}
