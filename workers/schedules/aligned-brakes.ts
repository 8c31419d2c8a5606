import type { Logger } from 'pino';
import { alignBrakes, type ChannelSources } from '../../app/channels.ts';
import { keepSchedule } from './keep-schedule.ts';

/** Sees that Temporal limits the channels as it is recorded, now and every minute until the signal is given. */
export const keepBrakesAligned = (sources: ChannelSources, log: Logger, signal: AbortSignal): Promise<void> =>
  keepSchedule(
    {
      async ensure() {
        const channels = await alignBrakes(sources);
        if (channels.length > 0) log.warn({ channels }, 'Temporal did not have the brakes of channels; it was told');
      },
      failed: 'the brakes of channels could not be compared with Temporal; a minute later they are again',
      log,
    },
    signal,
  );
