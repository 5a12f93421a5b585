import { Injectable, Logger } from '@nestjs/common';

export type Measurement = {
  readonly name: string;
  /** No more often than this, however many ask. */
  readonly everyMs: number;
  /** Asks, and sets the gauges. */
  readonly take: () => Promise<void>;
  /** Could not be asked: an old value would be taken for today's, so there is to be none. */
  readonly forget: () => void;
};

type State = { readonly measurement: Measurement; takenAt: number; under: Promise<void> | undefined };

/**
 * Gauges of what lies in the database are measured when somebody scrapes, and not on a beat of their own: a process that nobody asks
 * costs nothing, and while no worker runs the API still tells what waits.
 */
@Injectable()
export class Measurements {
  private readonly logger = new Logger(Measurements.name);
  private readonly states: State[] = [];
  private readonly looks: (() => void)[] = [];

  /** Sets gauges of what the process knows itself. Before all measurements, which would be seen in the pool. */
  look(at: () => void): void {
    this.looks.push(at);
  }

  add(measurement: Measurement): void {
    this.states.push({ measurement, takenAt: -Infinity, under: undefined });
  }

  /** Never rejects. */
  async refresh(): Promise<void> {
    for (const look of this.looks) look();
    await Promise.all(this.states.map((state) => this.refreshOne(state)));
  }

  private refreshOne(state: State): Promise<void> {
    if (performance.now() - state.takenAt < state.measurement.everyMs) return Promise.resolve();
    state.under ??= this.take(state).finally(() => (state.under = undefined));
    return state.under;
  }

  private async take(state: State): Promise<void> {
    try {
      await state.measurement.take();
      state.takenAt = performance.now();
    } catch (error) {
      state.measurement.forget();
      this.logger.warn({ measurement: state.measurement.name, err: error }, 'not measured');
    }
  }
}
