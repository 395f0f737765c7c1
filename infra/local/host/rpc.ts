/** The shapes that cross between this host and the programming model, reduced to what the host sends and reads. */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'customMetric';

export type TypedData = {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: HttpData;
  collectionString?: { string: string[] };
  collectionBytes?: { bytes: Uint8Array[] };
  collectionSint64?: { sint64: number[] };
};

type Nullable = { value?: string };

export type HttpCookie = {
  name?: string;
  value?: string;
  domain?: Nullable;
  path?: Nullable;
  expires?: { value?: { seconds: number } };
  secure?: { value?: boolean };
  httpOnly?: { value?: boolean };
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: { value?: number };
};

export type HttpData = {
  method?: string;
  url?: string;
  nullableHeaders?: Record<string, Nullable>;
  nullableQuery?: Record<string, Nullable>;
  nullableParams?: Record<string, Nullable>;
  body?: TypedData | null;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: HttpCookie[];
};

export type Binding = { type: string; direction: 'in' | 'out' | 'inout' } & Record<string, unknown>;
export type Duration = { seconds: number };

export type RetryOptions = {
  retryStrategy: 'fixedDelay' | 'exponentialBackoff';
  maxRetryCount: number;
  delayInterval?: Duration;
  minimumInterval?: Duration;
  maximumInterval?: Duration;
};

export type FunctionMetadata = {
  name: string;
  functionId?: string;
  bindings: Record<string, Binding>;
  retryOptions?: RetryOptions | undefined;
};

export type TraceContext = { traceParent: string; traceState: string; attributes: Record<string, string> };
export type RetryContext = {
  retryCount: number;
  maxRetryCount: number;
  exception?: { message: string; stackTrace: string; source: string };
};

export type InvocationRequest = {
  invocationId: string;
  functionId: string;
  inputData: { name: string; data: TypedData }[];
  triggerMetadata: Record<string, TypedData>;
  traceContext: TraceContext;
  retryContext?: RetryContext;
};

export type InvocationResponse = {
  returnValue?: TypedData | null;
  outputData?: { name: string; data: TypedData }[];
};

export type FunctionCallback = (...values: unknown[]) => unknown;
export type InvocationState = 'preInvocationHooks' | 'invocation' | 'postInvocationHooks';

export type CoreInvocationContext = {
  invocationId: string;
  request: InvocationRequest;
  metadata: FunctionMetadata;
  state: InvocationState | undefined;
  log: (level: LogLevel, category: LogCategory, message: string) => void;
};

export type InvocationModel = {
  getArguments: () => Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction: (context: unknown, inputs: unknown[], callback: FunctionCallback) => Promise<unknown>;
  getResponse: (context: unknown, result: unknown) => Promise<InvocationResponse>;
};

export type ProgrammingModel = {
  name: string;
  version: string;
  getInvocationModel: (context: CoreInvocationContext) => InvocationModel | Promise<InvocationModel>;
  getCapabilities?: (capabilities: Record<string, string>) => Record<string, string> | Promise<Record<string, string>>;
};
