/** Pastes lines into one bash, as somebody who reads the README would. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type Pasted = { code: number | null; printed: string; complaints: string };

/** Killed after `deadlineMs`: lines that wait for something wait for ever once an answer is not as expected. */
export const paste = async (script: string, deadlineMs: number): Promise<Pasted> => {
  const shell = spawn('bash', { stdio: ['pipe', 'pipe', 'pipe'], timeout: deadlineMs, killSignal: 'SIGKILL' });
  const code = new Promise<number | null>((resolve) => shell.once('exit', resolve));
  shell.stdin.end(script);
  const [printed, complaints] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  return { code: await code, printed, complaints };
};
