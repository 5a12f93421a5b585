import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import { MAX_TRANSFORMED_BYTES, type TransformationFlaw, type TransformationFailure } from './transformer';

/** The program of a thread: it runs one piece of code at a time, each in an interpreter, and a memory, of its own. */

/** What the thread is asked; without a payload only whether the code can be run. */
export type Task = { readonly code: string; readonly request: string; readonly payload: Uint8Array | null };
export type Answer =
  | 'ready'
  | TransformationFailure
  /** `payload` is null when it is as it was. */
  | { readonly kind: 'returned'; readonly request: string; readonly payload: Uint8Array | null };

/** Of the interpreter, beside its own 16 MiB; and a wall behind it that no flaw of the interpreter climbs over. */
const HEAP_BYTES = 33_554_432;
const MAX_PAGES = 1_024;
const FIRST_PAGES = 256;
/** Less than the interpreter has, so that most recursion ends by an error and not by a trap. */
const STACK_BYTES = 262_144;
/** The interpreter asks every 10,000 steps (calls, turns of loops) whether to go on: what code may do does not depend on how busy the machine is. */
const MAX_INTERRUPTS = 1_000;
const MAX_REQUEST_CHARACTERS = 65_536;
const MAX_MESSAGE_CHARACTERS = 500;
const FILE = 'transformation.js';

/** Runs before the code of the stranger, and keeps what that could change of the language. */
const PRELUDE = `((parse, stringify, text) => {
  let before;
  return {
    begin(request, payload) {
      const webhook = parse(request);
      webhook.payload = parse(payload);
      before = stringify(webhook.payload);
      return webhook;
    },
    finish(webhook) {
      if (webhook === null || typeof webhook !== 'object') return 'webhook';
      const { method, url, headers, cancel, payload } = webhook;
      const request = stringify({ method, url, headers, cancel: !!cancel });
      const after = stringify(payload);
      if (after === undefined) return cancel ? [request, 'same', ''] : 'payload';
      return [request, after === before ? 'same' : typeof payload === 'string' ? 'text' : 'json', after];
    },
    describe(error) {
      const known = error !== null && typeof error === 'object';
      return [known ? text(error.name) + ': ' + text(error.message) : text(error), known ? text(error.stack) : ''];
    },
  };
})(JSON.parse, JSON.stringify, String)`;

/** Of the global object; the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => object;
};

const wasm = new WebAssembly.Module(readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));

class Flaw extends Error {
  constructor(
    readonly flaw: TransformationFlaw,
    message: string,
  ) {
    super(message);
  }
}

class Interpreter {
  private interrupts = 0;
  private readonly prelude: QuickJSHandle;

  private constructor(
    private readonly runtime: QuickJSRuntime,
    private readonly context: QuickJSContext,
  ) {
    runtime.setMemoryLimit(HEAP_BYTES);
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => ++this.interrupts > MAX_INTERRUPTS);
    this.prelude = context.unwrapResult(context.evalCode(PRELUDE));
  }

  /** Nothing of it is ever disposed of: it is used once, and forgotten with its memory. */
  static async fresh(): Promise<Interpreter> {
    const wasmMemory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MAX_PAGES });
    const module = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: wasm, wasmMemory }));
    const runtime = module.newRuntime();
    return new Interpreter(runtime, runtime.newContext());
  }

  run({ code, request, payload }: Task): Exclude<Answer, 'ready'> {
    try {
      this.value(this.context.evalCode(code, FILE));
      const handler = this.handler();
      if (payload === null) return { kind: 'returned', request: '{}', payload: null };
      const webhook = this.helper('begin', this.context.newString(request), this.context.newString(jsonOf(payload)));
      const returned = this.settled(this.value(this.context.callFunction(handler, this.context.undefined, webhook)));
      return this.answer(this.helper('finish', returned));
    } catch (error) {
      return this.failure(error);
    }
  }

  private handler(): QuickJSHandle {
    const handler = this.value(this.context.evalCode("typeof handler === 'function' ? handler : undefined"));
    if (this.context.typeof(handler) !== 'function') throw new Flaw('error', 'There is no function called handler.');
    return handler;
  }

  /** There is nothing to wait for in here: what is not settled when nothing is left to do never will be. */
  private settled(returned: QuickJSHandle): QuickJSHandle {
    let state = this.context.getPromiseState(returned);
    if (state.type === 'pending') {
      this.value(this.runtime.executePendingJobs());
      state = this.context.getPromiseState(returned);
    }
    if (state.type === 'pending') throw new Flaw('invalid', 'handler returned a promise that is never settled.');
    if (state.type === 'rejected') throw this.thrown(state.error);
    return state.value;
  }

  private answer(finished: QuickJSHandle): Exclude<Answer, 'ready'> {
    if (this.context.typeof(finished) === 'string')
      throw new Flaw(
        'invalid',
        this.context.getString(finished) === 'webhook'
          ? 'handler must return the webhook, an object.'
          : 'The webhook that handler returned has no payload that is JSON.',
      );
    const item = (n: number) => this.context.getProp(finished, n);
    const request = this.text(item(0), MAX_REQUEST_CHARACTERS, 'URL and headers');
    const kind = this.context.getString(item(1));
    if (kind === 'same') return { kind: 'returned', request, payload: null };
    const json = this.text(item(2), 2 * MAX_TRANSFORMED_BYTES, 'payload');
    const payload = Buffer.from(kind === 'text' ? (JSON.parse(json) as string) : json);
    if (payload.length > MAX_TRANSFORMED_BYTES) throw tooLarge('payload');
    return { kind: 'returned', request, payload };
  }

  /** Measured where it is, before it is taken out. */
  private text(handle: QuickJSHandle, max: number, what: string): string {
    if (this.context.getNumber(this.context.getProp(handle, 'length')) > max) throw tooLarge(what);
    return this.context.getString(handle);
  }

  private helper(name: 'begin' | 'finish' | 'describe', ...args: QuickJSHandle[]): QuickJSHandle {
    return this.value(this.context.callFunction(this.context.getProp(this.prelude, name), this.context.undefined, ...args));
  }

  private value<T>(result: { readonly value: T; readonly error?: undefined } | { readonly error: QuickJSHandle }): T {
    if (result.error !== undefined) throw this.thrown(result.error);
    return result.value;
  }

  private thrown(error: QuickJSHandle): Flaw {
    if (this.interrupts > MAX_INTERRUPTS) return new Flaw('timeout', 'It took more steps than it may.');
    const described = this.context.callFunction(this.context.getProp(this.prelude, 'describe'), this.context.undefined, error);
    if (described.error !== undefined) return new Flaw('error', 'It threw something that cannot be described.');
    const part = (n: number) => this.context.getString(this.context.getProp(described.value, n)).slice(0, MAX_MESSAGE_CHARACTERS);
    const [message, stack] = [part(0), part(1)];
    if (/^InternalError: (out of memory|stack overflow|string too long)/.test(message)) return new Flaw('memory', message);
    const line = new RegExp(`${FILE}:(\\d+)`).exec(stack)?.[1];
    return new Flaw('error', line === undefined ? message : `${message.slice(0, MAX_MESSAGE_CHARACTERS - 20)} (line ${line})`);
  }

  private failure(error: unknown): TransformationFailure {
    if (error instanceof Flaw) return { kind: 'failed', flaw: error.flaw, message: error.message };
    // The interpreter itself gave up: its stack or its memory is used up.
    return { kind: 'failed', flaw: 'memory', message: 'It needed more memory, or called itself more deeply, than it may.' };
  }
}

/** A payload need not be JSON; and as JSON, no text has a character that would end it early in there. */
function jsonOf(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

function tooLarge(what: string): Flaw {
  return new Flaw('too_large', `The ${what} that handler returned is larger than it may be.`);
}

async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  let next = await Interpreter.fresh();
  port.on('message', (task: Task) => {
    void (async () => {
      const answer = next.run(task);
      next = await Interpreter.fresh();
      port.postMessage(answer);
    })();
  });
  port.postMessage('ready' satisfies Answer);
}

if (!parentPort) throw new Error('This is the program of a thread.');
void serve(parentPort);
