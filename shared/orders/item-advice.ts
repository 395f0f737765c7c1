/** Pure: what each code of a failed item means to the partner, and what it can do. */

export type ItemAdvice = {
  message: string;
  /** Ordering the number again, as it was, may succeed. */
  retryable: boolean;
  nextStep: string;
};

const ADVICE: Readonly<Record<string, ItemAdvice>> = {
  UpstreamSyncFailed: {
    message: 'The voice service refused the number.',
    retryable: true,
    nextStep: 'Correct what the upstream errors name, then order the failed numbers again.',
  },
  UpstreamRejected: {
    message: 'The gateway refused the number.',
    retryable: false,
    nextStep: 'Correct what the upstream errors name before ordering the number again.',
  },
  UpstreamTimeout: {
    message: 'The gateway did not confirm the number in time.',
    retryable: true,
    nextStep: 'Order the number again.',
  },
  ClosedByOperator: {
    message: 'The operator closed the number by hand.',
    retryable: true,
    nextStep: 'Order the number again; the upstream error holds the reason.',
  },
  InternalError: {
    message: 'Something went wrong on our side.',
    retryable: true,
    nextStep: 'Order the number again; tell the operator if it fails again.',
  },
};

const UNKNOWN: ItemAdvice = {
  message: 'The number could not be provisioned.',
  retryable: false,
  nextStep: 'Ask the operator, naming the order and this code.',
};

export const adviceFor = (code: string): ItemAdvice => ADVICE[code] ?? UNKNOWN;
