import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { takePhases } from '../../outbound/connection-phases';
import { timingsOf, type Wire } from '../attempt-outcome';

const CHANNEL = 'undici:client:sendHeaders';

type Sent = { readonly request: { readonly body: unknown }; readonly socket: Socket };

/** What is known of one request while it is under way. */
export class WireTap {
  private connection: Pick<Wire, 'address'> & { readonly phases: ReturnType<typeof takePhases> } = { address: null, phases: null };
  private sentAt: number | null = null;
  private answered: Wire | null = null;

  /** The bytes are on their way, on this connection. */
  sent(socket: Socket): void {
    this.connection = { address: socket.remoteAddress ?? null, phases: takePhases(socket) };
    this.sentAt = performance.now();
  }

  /** The headers of the answer are there. */
  headers(headers: Readonly<Record<string, string | string[] | undefined>>): void {
    const joined: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ');
    this.answered = this.wire(joined, performance.now());
  }

  get phase(): 'connecting' | 'sent' | 'answered' {
    if (this.answered) return 'answered';
    return this.sentAt === null ? 'connecting' : 'sent';
  }

  get soFar(): Wire {
    return this.answered ?? this.wire({}, null);
  }

  private wire(responseHeaders: Record<string, string>, at: number | null): Wire {
    const { address, phases } = this.connection;
    return { responseHeaders, address, timings: timingsOf(phases, this.sentAt === null || at === null ? null : at - this.sentAt) };
  }
}

/**
 * Which connection undici chose for a request it tells on a channel of diagnostics only, with the request that it made of ours.
 * The one thing of ours in there, by identity, is the body: each request gets a view of its own on the bytes.
 */
export class WireTaps {
  private readonly byBody = new WeakMap<object, WireTap>();
  private readonly listener = (message: unknown): void => {
    const { request, socket } = message as Sent;
    if (typeof request.body === 'object' && request.body !== null) this.byBody.get(request.body)?.sent(socket);
  };

  constructor() {
    subscribe(CHANNEL, this.listener);
  }

  of(body: Buffer): { readonly body: Buffer; readonly tap: WireTap } {
    const [view, tap] = [body.subarray(), new WireTap()];
    this.byBody.set(view, tap);
    return { body: view, tap };
  }

  stop(): void {
    unsubscribe(CHANNEL, this.listener);
  }
}
