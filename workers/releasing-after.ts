import type { RunningComponent } from '../broker-bridge/component.ts';

/** The same part, which lets go of what it used once it has ended. */
export function releasingAfter(part: RunningComponent, release: () => Promise<void>): RunningComponent {
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

async function endThenRelease(part: RunningComponent, release: () => Promise<void>): Promise<void> {
  try {
    await part.stopped;
  } finally {
    await release();
  }
}
