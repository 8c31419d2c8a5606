import { nextStep, type ChannelBrake, type ChannelView } from '../../contracts/channel-brakes.ts';
import type { Style } from './style.ts';
import { moment, table } from './table.ts';

const columns = [
  { heading: 'channel' },
  { heading: 'backlog', align: 'right' },
  { heading: 'oldest', align: 'right' },
  { heading: 'in/s', align: 'right' },
  { heading: 'out/s', align: 'right' },
  { heading: 'pollers', align: 'right' },
  { heading: 'brake' },
] as const;

/** Event channels as a table, one a line. */
export const channelTable = (channels: readonly ChannelView[], style: Style): readonly string[] =>
  table(
    columns,
    channels.map((channel) => [
      channel.name,
      String(channel.depth),
      channel.oldestSeconds === null ? '-' : `${Math.round(channel.oldestSeconds)} s`,
      rate(channel.inPerSecond),
      rate(channel.outPerSecond),
      channel.pollers === 0 ? style.bad('none') : String(channel.pollers),
      brakeCell(channel, style),
    ]),
    style.dim,
  );

const rate = (perSecond: number | null): string => (perSecond === null ? '-' : perSecond.toFixed(1));

/** The brake as it is recorded. Temporal may have another limit: an administrator's, or none yet. */
function brakeCell({ brake, limitPerSecond }: ChannelView, style: Style): string {
  if (!brake) return limitPerSecond === null ? '-' : style.busy(`${limitPerSecond}/s by Temporal's own settings`);
  const { perSecond, reason, actor, since } = brake;
  const set = perSecond === 0 ? style.bad('braked') : style.busy(`${perSecond}/s`);
  const untold = limitPerSecond === perSecond ? '' : ' (Temporal does not have it yet)';
  return `${set}${untold} by ${actor} since ${moment(since)}: ${reason}`;
}

/** One sentence on a channel that was braked or released. */
export function brakeSentence(channel: string, brake: ChannelBrake | null): string {
  if (!brake) return `${channel} has no brake any more.`;
  const { perSecond } = brake;
  if (perSecond === 0) return `${channel} is braked; its commands wait.`;
  const next = nextStep(perSecond);
  return `${channel} takes ${perSecond} commands a second; the next step is ${next === null ? 'no limit' : next}.`;
}
