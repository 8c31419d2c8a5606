import { startAges } from './parts/desk-age.ts';
import { DeskApp } from './shell/app.ts';
import { DeskLogin, DeskName } from './shell/sign-in.ts';
import { DeskToasts } from './shell/toasts.ts';
import { DeskRepair } from './repair/repair-view.ts';
import { DeskCase } from './repair/case-page.ts';
import { DeskEditor } from './repair/editor.ts';
import { DeskOrders } from './orders/orders-view.ts';
import { DeskOrder } from './orders/order-page.ts';
import { DeskOrderTable } from './orders/order-table.ts';
import { DeskBulk } from './orders/bulk-dialog.ts';
import { DeskOrderActions } from './orders/order-actions.ts';
import { DeskLab } from './lab/lab-view.ts';
import { DeskFlow } from './flow/flow-view.ts';
import { DeskPeople } from './people/people-view.ts';
import { DeskMails } from './mails/mails-view.ts';
import { DeskWebhooks } from './webhooks/webhooks-view.ts';

const elements = {
  'desk-toasts': DeskToasts,
  'desk-name': DeskName,
  'desk-login': DeskLogin,
  'desk-editor': DeskEditor,
  'desk-case': DeskCase,
  'desk-repair': DeskRepair,
  'desk-bulk': DeskBulk,
  'desk-order-actions': DeskOrderActions,
  'desk-order': DeskOrder,
  'desk-order-table': DeskOrderTable,
  'desk-orders': DeskOrders,
  'desk-flow': DeskFlow,
  'desk-people': DeskPeople,
  'desk-mails': DeskMails,
  'desk-webhooks': DeskWebhooks,
  'desk-lab': DeskLab,
  'desk-app': DeskApp,
};

startAges();
for (const [name, element] of Object.entries(elements)) customElements.define(name, element);
