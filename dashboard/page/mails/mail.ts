import { html, type TemplateResult } from 'lit';
import type { MailView } from '../../server/api/people.ts';
import { instantOf } from '../parts/ages.ts';
import { wordsOf } from '../parts/words.ts';
import { addressOf } from '../shell/router.ts';

/** One mail as plain text: nothing in it is active. */
export const mailOf = (mail: MailView): TemplateResult => html`
  <article class="page mail" tabindex="-1" aria-label="The mail">
    ${mailHead(mail)}
    ${
      mail.content
        ? html`<pre class="mail-text">${mail.content.text}</pre>`
        : html`<p class="notice">
            Its text is not kept here. The mail server of “npm start” keeps mails and can be asked; another one cannot.
          </p>`
    }
  </article>
`;

const mailHead = ({
  content,
  kind,
  orderId,
  customerId,
  sentAt,
  intendedAt,
  refusedAt,
  bouncedAt,
  bounceStatus,
}: MailView): TemplateResult => html`
  <header class="case-head">
    <a class="back" href="#/mails">← All mails</a>
    <h1 class="breaks">${content?.subject ?? wordsOf(kind)}</h1>
    <dl class="facts-of">
      ${
        content
          ? html`<dt>From</dt>
              <dd>${content.from}</dd>
              <dt>To</dt>
              <dd>${content.to}</dd>`
          : null
      }
      <dt>Customer</dt>
      <dd>${customerId}</dd>
      ${
        orderId
          ? html`<dt>Order</dt>
              <dd><a class="mono" href=${addressOf('orders', orderId)}>${orderId}</a></dd>`
          : null
      }
      <dt>${sentAt ? 'Sent' : 'Begun'}</dt>
      <dd>
        ${instantOf(sentAt ?? intendedAt)}${refusedAt ? `, refused by the mail server ${instantOf(refusedAt)}` : ''}${
          bouncedAt ? `, came back ${instantOf(bouncedAt)} (${bounceStatus})` : ''
        }
      </dd>
    </dl>
  </header>
`;
