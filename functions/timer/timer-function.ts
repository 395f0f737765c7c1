/** A timer function as data: its schedule (NCRONTAB, UTC) and what it runs. The platform keeps it single over all instances. */
export type TimerFunction = { name: string; schedule: string; handler: () => Promise<void> };
