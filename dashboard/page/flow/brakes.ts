import { html, type TemplateResult } from 'lit';
import { nextStep, type ChannelActions, type ChannelBrake } from '../../../contracts/channel-brakes.ts';
import type { ChannelFlow } from '../../server/api/flow.ts';
import { declineForm } from '../parts/forms.ts';
import { countOf } from '../parts/words.ts';
import { act } from '../shell/act.ts';

/** Has a processor's channel braked or released. */
export type SteerChannel = (asked: AskedBrake) => void;

/** An act on a channel; the session names the actor. */
export type AskedBrake =
  | { readonly channel: string; readonly how: 'brake'; readonly body: Omit<ChannelActions['brake'], 'actor'> }
  | { readonly channel: string; readonly how: 'release'; readonly body: Omit<ChannelActions['release'], 'actor'> };

/** Sends it. Throws `RequestError` for a reason that does not fit. */
export const steerChannel = ({ channel, how, body }: AskedBrake): Promise<object | null> =>
  act<{ readonly brake: ChannelBrake | null }>(
    `/api/channels/${encodeURIComponent(channel)}/${how}`,
    body,
    ({ brake }) => (brake === null ? `${channel} has no brake any more.` : `${channel}: ${rateIn(brake)}`),
  );

/** Why a channel is slower than it could be, by whom and since when. */
export const brakeSentence = (brake: ChannelBrake): TemplateResult =>
  html`${rateIn(brake)} By ${brake.actor}, <desk-age at=${brake.since}></desk-age> ago: ${brake.reason}`;

const rateIn = ({ perSecond }: ChannelBrake): string =>
  perSecond === 0 ? 'Braked: its commands wait.' : `Released to ${perSecond}/s.`;

/** The buttons of a channel: the brake, or the next step of its release. */
export function braking({ name, brake }: ChannelFlow, steer: SteerChannel): TemplateResult {
  const channel = name.replace(/-queue$/, '');
  if (!brake)
    return declineForm('Brake', '', (reason) => steer({ channel, how: 'brake', body: { reason } }), 'Why, for others');
  const next = nextStep(brake.perSecond);
  const release = (body: Omit<ChannelActions['release'], 'actor'>) => () => steer({ channel, how: 'release', body });
  const off = html`<button type="button" @click=${release({ perSecond: null })} aria-label=${`No limit for ${channel}`}>
    No limit
  </button>`;
  return html`<div class="actions">
    ${
      next === null
        ? null
        : html`<button type="button" @click=${release({})} aria-label=${`Release ${channel} to ${next} a second`}>
            Release: ${next}/s
          </button>`
    }
    ${off}
  </div>`;
}

/** A warning about the channels that are braked, and about what follows for orders. */
export function brakeAlarm(channels: readonly ChannelFlow[]): TemplateResult | null {
  const braked = channels.filter(({ brake }) => brake !== null);
  if (braked.length === 0) return null;
  return html`<p class="notice" data-tone="warn">
    ${countOf(braked.length, 'channel')} ${braked.length === 1 ? 'is' : 'are'} braked:
    ${braked.map(({ name }) => name.replace(/-queue$/, '')).join(', ')}. An order whose command waits there for longer
    than its retry time is held for a fault, and goes on when it is retried.
  </p>`;
}
