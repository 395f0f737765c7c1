/** Route tables whose changes are told to whoever keeps the records: once for each request that changed something, or may have. */
import { AppError } from '../errors/app-error.ts';
import { mask } from '../telemetry/mask.ts';
import type { ChangeFacts } from './change.ts';
import type { Contract, SuccessStatus } from './contract.ts';
import type { Endpoint } from './endpoint.ts';

/** What a request did, and who asked for it. */
export type Change<P> = ChangeFacts & { principal: P };

/** Resolves when the record is kept; throws when it is not. */
export type RecordChange<P> = (change: Change<P>) => Promise<void>;

export type AuditEffects<P> = {
  record: RecordChange<P>;
  /** A change that was made and could not be recorded; the request is answered as if it had been. */
  onLost: (change: Change<P>, error: unknown) => void;
};

type Input<P> = { principal: P; params?: Record<string, unknown>; requestId: string };
type Answer = { status?: SuccessStatus; body?: unknown } | AppError;

/** A GET changes nothing, and other routes say themselves that they do not. */
export const isAudited = ({ method, role, audit }: Contract): boolean => method !== 'GET' && role !== 'anonymous' && audit !== false;

const resourceOf = ({ path }: Contract, params: Record<string, unknown> = {}): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => mask(String(params[name])));

const idIn = (body: unknown): { resourceId?: string } => {
  const id = typeof body === 'object' && body !== null ? (body as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? { resourceId: mask(id) } : {};
};

/** What the answer tells; undefined for a refusal, which changed nothing. */
const outcomeOf = (contract: Contract, answer: Answer): { status: number; code?: string; resourceId?: string } | undefined => {
  const [only] = Object.keys(contract.success);
  if (!(answer instanceof AppError)) return { status: answer.status ?? Number(only), ...idIn(answer.body) };
  return answer.httpStatus < 500 ? undefined : { status: answer.httpStatus, code: answer.code };
};

/** The same table, each changing request recorded before it is answered. */
export const auditedEndpoint =
  <P, R extends string>(route: Endpoint<P, R>, { record, onLost }: AuditEffects<P>): Endpoint<P, R> =>
  (contract, useCase) => {
    if (!isAudited(contract)) return route(contract, useCase);
    const tell = async (input: Input<P>, answer: Answer): Promise<void> => {
      const outcome = outcomeOf(contract, answer);
      if (!outcome) return;
      const { principal, params, requestId } = input;
      const { name: action, method } = contract;
      const change = { principal, requestId, action, method, resource: resourceOf(contract, params), ...outcome };
      await record(change).catch((error: unknown) => onLost(change, error));
    };
    const run = useCase as unknown as (input: Input<P>) => Answer | Promise<Answer>;
    const audited = async (input: Input<P>): Promise<Answer> => {
      try {
        const answer = await run(input);
        await tell(input, answer);
        return answer;
      } catch (error) {
        await tell(input, error instanceof AppError ? error : new AppError('InternalError'));
        throw error;
      }
    };
    // What goes in and comes out is what it was: the types of the contract hold as before.
    return route(contract, audited as unknown as typeof useCase);
  };
