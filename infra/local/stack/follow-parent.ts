/** Loaded before a part of the stack: when the stack is gone, however it went, the part ends as if it had been asked to. */
const GRACE_MS = 60_000;

// The stack holds the other end of this pipe and never writes to it: an end means that the stack is gone.
process.stdin.on('end', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), GRACE_MS).unref();
});
process.stdin.resume();
(process.stdin as { unref?: () => void }).unref?.();
