/** What can be made to go wrong on purpose; nothing does unless a test or a developer asks. */
export type FaultOperation = 'attach' | 'send' | 'manage';

export type Fault = {
  kind: 'server-busy' | 'slow' | 'duplicate';
  /** Undefined: every queue. */
  queue: string | undefined;
  operation: FaultOperation;
  /** How often it strikes before it is spent. */
  times: number;
  /** For `slow`. */
  delayMs: number;
};

export type FaultEffect = { kind: 'none' } | { kind: 'busy' } | { kind: 'delay'; delayMs: number } | { kind: 'repeat' };

const NO_EFFECT: FaultEffect = { kind: 'none' };

export class Faults {
  #faults: Fault[] = [];

  add(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults = [];
  }

  /** Those that still wait to strike. */
  list(): readonly Fault[] {
    return this.#faults;
  }

  /** What happens to this operation; uses up one strike of the oldest fault that fits. */
  strike(operation: FaultOperation, queue: string): FaultEffect {
    const fault = this.#faults.find((f) => f.operation === operation && (f.queue ?? queue).toLowerCase() === queue.toLowerCase());
    if (!fault) return NO_EFFECT;
    fault.times -= 1;
    if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
    return toEffect(fault);
  }
}

const toEffect = ({ kind, delayMs }: Fault): FaultEffect => {
  switch (kind) {
    case 'server-busy':
      return { kind: 'busy' };
    case 'slow':
      return { kind: 'delay', delayMs };
    case 'duplicate':
      return { kind: 'repeat' };
  }
};
