import type { ChannelBrake } from '../../contracts/channel-brakes.ts';
import { channels } from '../../contracts/channels.ts';
import { instant, int, nullable, oneOf, text } from '../../prisma/codec.ts';
import { newestActs, sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

const columns = {
  channel: oneOf(...Object.values(channels)),
  perSecond: nullable(int),
  reason: text,
  actor: text,
  since: instant,
};

/** The newest act on the brake of each channel that ever had one. */
export const newestBrakes = statement(
  'app.newest-brakes',
  columns,
  () => sql`SELECT channel, per_second AS "perSecond", reason, actor, at AS since FROM (${newestActs}) AS newest`,
);

/** The brakes that are on, by channel, also those that are being released. */
export async function brakesOn(on: SqlRunner): Promise<ReadonlyMap<string, ChannelBrake>> {
  const brakes = (await on.run(newestBrakes())).filter(isOn);
  return new Map(brakes.map((brake) => [brake.channel, brake]));
}

type Act = Omit<ChannelBrake, 'perSecond'> & { readonly perSecond: number | null };

/** False for a brake that was taken off. */
export const isOn = (act: Act): act is ChannelBrake => act.perSecond !== null;

/** Records the brake of a channel; a rate of null takes it off. */
export const recordBrake = statement(
  'app.record-brake',
  columns,
  ({ channel, perSecond, reason, actor }: Omit<Act, 'since'>) => sql`
    INSERT INTO mediator_store.channel_brake (channel, per_second, reason, actor) VALUES (${channel}, ${perSecond}::int, ${reason}, ${actor})
    RETURNING channel, per_second AS "perSecond", reason, actor, at AS since`,
);
