import { html, type TemplateResult } from 'lit';
import type { FlowSnapshot, ClassFlow } from '../../server/api/flow.ts';
import { DeskElement } from '../parts/desk-element.ts';
import { countOf, troubleNotice, numberOf, wordsOf } from '../parts/words.ts';
import { onLive } from '../shell/live.ts';
import { act } from '../shell/act.ts';
import { errorMessage, read } from '../shell/request.ts';
import { showToast } from '../shell/toasts.ts';
import { brakeAlarm, steerChannel, type SteerChannel } from './brakes.ts';
import { channelCard, listenerCard, listenerName, outboxCard, queueCard, type SteerListener } from './flow-cards.ts';

/** `<desk-flow>`: the parts of the system, with the numbers of what flows through them. */
export class DeskFlow extends DeskElement {
  #flow: FlowSnapshot | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.whileShown(onLive('flow', (flow) => this.told(() => (this.#flow = flow))));
    this.whileShown(onLive('hello', () => void this.#read()));
    void this.#read();
  }

  #read(): Promise<void> {
    return this.latest(
      () => null,
      () => read<FlowSnapshot>('/api/flow'),
      (flow) => (this.#flow = flow),
    );
  }

  readonly #steer: SteerListener = (name, how) => {
    const done = how === 'pause' ? `${name} is paused; its facts wait.` : `${name} goes on.`;
    void act<object>(`/api/listeners/${encodeURIComponent(name)}/${how}`, {}, () => done)
      .then(() => this.#read())
      .catch((error: unknown) => showToast(errorMessage(error), 'trouble'));
  };

  readonly #steerChannel: SteerChannel = (asked) =>
    void steerChannel(asked)
      .then(() => this.#read())
      .catch((error: unknown) => showToast(errorMessage(error), 'trouble'));

  override render() {
    const flow = this.#flow;
    return html`<div class="page flow">
      <div class="page-head">
        <h1>Flow</h1>
        ${flow ? html`<span class="quiet">as of <desk-age at=${flow.at}></desk-age> ago</span>` : null}
      </div>
      ${troubleNotice(this.trouble)}
      ${flow ? [alarms(flow), picture(flow, this.#steer, this.#steerChannel), flowClasses(flow.classes)] : null}
    </div>`;
  }
}

/** Warnings about channels without a worker, or with a stuck one. */
function alarms(flow: FlowSnapshot): TemplateResult {
  const all = [
    ...(flow.queue ? [{ ...flow.queue, name: 'customer-event-queue' }] : []),
    ...(flow.deliveries ? [{ ...flow.deliveries, name: 'deliveries' }] : []),
    ...flow.channels,
    ...flow.listeners.map((listener) => ({ ...listener, name: listenerName(listener) })),
    ...(flow.outbox ? [{ ...flow.outbox, name: 'relay' }] : []),
  ];
  const [unpolled, stuck] = (['unpolled', 'stuck'] as const).map((kind) =>
    all.filter(({ liveness }) => liveness === kind),
  );
  return html`<div role="alert" class="alarms">
    ${
      unpolled?.length
        ? html`<div class="alarm">
            <strong>Nobody polls ${countOf(unpolled.length, 'channel')}</strong>
            <p class="breaks">
              ${unpolled.map(({ name }) => name).join(', ')}. What is sent there waits. Start its worker.
            </p>
          </div>`
        : null
    }
    ${
      stuck?.length
        ? html`<div class="alarm">
            <strong>Work waits and is not taken in ${countOf(stuck.length, 'channel')}</strong>
            <p class="breaks">
              ${stuck.map(({ name }) => name).join(', ')}. Look at its worker's log, or start another.
            </p>
          </div>`
        : null
    }
    ${brakeAlarm(flow.channels)} ${shutAlarm(flow.outbox)}
    ${flow.unreachable.map((sentence) => html`<p class="notice" data-tone="warn">${sentence}</p>`)}
  </div>`;
}

/** Facts that are never taken as they are: nothing goes on for their keys until it is seen to. */
const shutAlarm = (outbox: FlowSnapshot['outbox']): TemplateResult | null =>
  outbox && outbox.shutKeys > 0
    ? html`<div class="alarm">
        <strong>Facts of ${countOf(outbox.shutKeys, 'key')} cannot be published</strong>
        ${outbox.shut.map(
          ({ key, fact, why, facts }) =>
            html`<p class="breaks">
              <span class="mono">${key}</span>: ${fact}. ${why} ${countOf(facts, 'fact')} of it
              ${facts === 1 ? 'waits' : 'wait'}.
            </p>`,
        )}
        <p>Each is tried again every minute; the facts of other keys go on.</p>
      </div>`
    : null;

const picture = (flow: FlowSnapshot, steer: SteerListener, brake: SteerChannel): TemplateResult => {
  const of = (kind: FlowSnapshot['channels'][number]['kind']) =>
    flow.channels.filter((channel) => channel.kind === kind);
  return html`<div class="flow-picture">
    <section class="flow-column" aria-label="Where events come in">
      <h2>Events in</h2>
      ${queueCard('customer-event-queue', flow.queue)} ${queueCard('deliveries', flow.deliveries)}
      <p class="flow-branch">dead-lettered ↓</p>
      ${of('workflow-processor').map((channel) => channelCard(channel, brake))}
      <p class="quiet small">What no rule repairs waits <a href="#/repair">on the desk</a>.</p>
    </section>
    <span class="flow-arrow" aria-hidden="true"><b>started</b></span>
    <section class="flow-column" aria-label="Mediators">
      <h2>Mediators</h2>
      ${of('mediator').map((channel) => channelCard(channel, brake))}
    </section>
    <span class="flow-arrow" data-both aria-hidden="true"><b>commands</b><b>acknowledged</b></span>
    <section class="flow-column" aria-label="Processors">
      <h2>Processors</h2>
      ${of('processor').map((channel) => channelCard(channel, brake))}
    </section>
    <span class="flow-arrow" aria-hidden="true"><b>facts</b></span>
    <section class="flow-column" aria-label="Facts out">
      <h2>Facts out</h2>
      ${outboxCard(flow.outbox)}
      <p class="flow-branch">listeners ↓</p>
      ${flow.listeners.map((listener) => listenerCard(listener, steer))}
    </section>
  </div>`;
};

const eventStates = ['received', 'started', 'complete', 'dead-lettered', 'repaired', 'discarded'] as const;

/** The numbers of initiating events by name and state. */
const flowClasses = (classes: readonly ClassFlow[]): TemplateResult => html`
  <section class="card" aria-labelledby="classes-title">
    <h2 id="classes-title">Initiating events</h2>
    ${
      classes.length === 0
        ? html`<p class="quiet">None has come in yet. Send one with the client's command “send”.</p>`
        : html`<div class="report" tabindex="0" role="region" aria-label="Initiating events by state">
            <table>
              <thead>
                <tr>
                  <th scope="col">Event</th>
                  <th scope="col">Class</th>
                  ${eventStates.map((state) => html`<th scope="col" class="number">${state}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${classes.map(
                  (row) =>
                    html`<tr>
                      <td class="breaks">${wordsOf(row.event)}</td>
                      <td>${row.mediatorClass ?? '–'}</td>
                      ${eventStates.map((state) => html`<td class="number">${numberOf(row[state])}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>
`;
