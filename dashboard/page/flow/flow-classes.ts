import { html, type TemplateResult } from 'lit';
import type { ClassFlow } from '../../server/api/flow.ts';
import { numberOf, wordsOf } from '../parts/words.ts';

const states = ['received', 'started', 'complete', 'deferred', 'dead-lettered', 'repaired', 'discarded'] as const;

/** How many initiating events of each name stand where. */
export const flowClasses = (classes: readonly ClassFlow[]): TemplateResult => html`
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
                  ${states.map((state) => html`<th scope="col" class="number">${state}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${classes.map(
                  (row) =>
                    html`<tr>
                      <td class="breaks">${wordsOf(row.event)}</td>
                      <td>${row.mediatorClass ?? '–'}</td>
                      ${states.map((state) => html`<td class="number">${numberOf(row[state])}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>
`;
