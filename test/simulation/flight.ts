/** What happens to a request on its way to a simulated upstream and back: it arrives late or never, and its answer may be another's or none. */
import type { Permit } from '../../shared/platform/budget/permit.ts';
import type { UpstreamAnswer, UpstreamOutcome, UpstreamRequest } from '../../shared/platform/upstream/call.ts';
import { clockOf, type Process, type World } from './process.ts';

export type Flights = {
  timeoutMs: number;
  /** A request may land this long after it left at the latest. */
  latestLandingMs: number;
};

export type Destination = {
  /** Notes a write as under way; the result ends that, once the request can no longer land. */
  track: (request: UpstreamRequest) => () => void;
  serve: (request: UpstreamRequest) => UpstreamAnswer;
  /** Carried out so much later, with nobody to hear of it. */
  serveLate: (request: UpstreamRequest, afterMs: number) => void;
};

/** Kinds of trouble: lost, unheard, late and unheard, not carried out, refused at the door, and answered by something in between. */
const TROUBLES = 7;

const gateway = (status: number, code: string): UpstreamAnswer => ({
  kind: 'answer',
  status,
  body: { error: { code, message: code } },
});

export const makeFlights =
  (world: World, { timeoutMs, latestLandingMs }: Flights, { track, serve, serveLate }: Destination) =>
  (process: Process) =>
  (request: UpstreamRequest, permit: Permit): Promise<UpstreamOutcome> =>
    new Promise((resolve) => {
      const { scheduler, random } = world;
      if (!process.alive) return;
      if (clockOf(world, process)() > permit.usableUntilMs) {
        scheduler.after(1, () => process.alive && resolve({ kind: 'notSent', reason: 'permitExpired' }));
        return;
      }
      const gone = track(request);
      const answer = (outcome: UpstreamOutcome, delayMs: number): void =>
        scheduler.after(delayMs, () => {
          gone();
          if (process.alive) resolve(outcome);
        });
      const silent = (landsAfterMs: number | undefined): void => {
        if (landsAfterMs !== undefined) serveLate(request, landsAfterMs);
        scheduler.after(Math.max(latestLandingMs, landsAfterMs ?? 0), gone);
        scheduler.after(timeoutMs, () => process.alive && resolve({ kind: 'ambiguous', reason: 'timeout' }));
      };
      const trouble = random.chance(world.faults.upstream) ? random.below(TROUBLES) : -1;
      const flightMs = random.between(20, 400);
      if (trouble === 0) silent(undefined);
      else if (trouble === 1) silent(flightMs);
      else if (trouble === 2) silent(random.between(flightMs, latestLandingMs));
      else if (trouble === 3) answer(gateway(500, 'InternalServerError'), flightMs);
      else
        scheduler.after(flightMs, () => {
          const served = trouble === 4 ? gateway(503, 'ServiceUnavailable') : serve(request);
          const heard = trouble === 5 ? gateway(502, 'BadGateway') : trouble === 6 ? gateway(503, 'ServiceUnavailable') : served;
          answer(heard, random.between(20, 400));
        });
    });
