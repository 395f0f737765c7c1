/** Which bus, and how it is signed in to. */
import type { TokenCredential } from '@azure/identity';

export type BusSettings =
  /** The local stack. */
  | { connectionString: string }
  /** Azure: `<namespace>.servicebus.windows.net`. */
  | { fullyQualifiedNamespace: string; credential: TokenCredential };
