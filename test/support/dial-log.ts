import net from 'node:net';

type Connect = (this: net.Socket, ...args: unknown[]) => net.Socket;

/** Every address that this process begins to connect to, whoever asks for it and whatever becomes of it. @returns the log, and what ends it */
export function logDials() {
  const prototype = net.Socket.prototype as unknown as { connect: Connect };
  const { connect } = prototype;
  const dials: string[] = [];
  prototype.connect = function (...args) {
    // After the look-up of a name, and once for each address that is tried.
    this.on('connectionAttempt', (ip: string, port: number) => dials.push(`${ip}:${port}`));
    return connect.apply(this, args);
  };
  return { dials: dials as readonly string[], end: () => void (prototype.connect = connect) };
}
