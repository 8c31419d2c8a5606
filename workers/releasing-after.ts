import type { RunningPart } from '../broker-bridge/running-part.ts';

/** The same part, which lets go of what it used once it has ended. */
export function releasingAfter(part: RunningPart, release: () => Promise<void>): RunningPart {
  const stopped = endThenRelease(part, release);
  return {
    name: part.name,
    stopped,
    async stop() {
      await part.stop();
      await stopped;
    },
  };
}

async function endThenRelease(part: RunningPart, release: () => Promise<void>): Promise<void> {
  try {
    await part.stopped;
  } finally {
    await release();
  }
}
