import { createHub, type LiveHub } from '../../dashboard/server/live/hub.ts';
import { loadPage } from '../../dashboard/server/assets/page.ts';
import type { Shop } from '../../dashboard/server/ports.ts';
import { ownAddresses } from '../../dashboard/server/security/origins.ts';
import { createTokenAuth } from '../../dashboard/server/security/auth.ts';
import { buildServer } from '../../dashboard/server/server.ts';
import { freePort } from '../../stack/launch/ports.ts';
import { launchBrowser, openPage, type Desk } from '../support/desk.ts';
import { emptyShop } from './empty-shop.ts';

/** The desk's own page and server in front of a shop that is what the test says: what goes wrong seldom can be made to go wrong here. */
export interface Stage extends Pick<Desk, 'open'> {
  /** From now on the shop answers like this. */
  put<Name extends Area>(area: Name, answers: Partial<Shop[Name]>): void;
  /** From now on nothing is in the shop. */
  empty(): void;
  readonly hub: LiveHub;
  close(): Promise<void>;
}

type Area = Exclude<keyof Shop, 'flow'>;

/** Opens one; `token` is what the desk asks for. */
export async function openStage(token?: string): Promise<Stage> {
  const port = await freePort();
  const own = ownAddresses({ host: '127.0.0.1', publicUrl: undefined }, port);
  const hub = createHub('stage', () => undefined);
  const shop = emptyShop();
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: console.error };
  const server = await buildServer({
    shop,
    hub,
    page: await loadPage(),
    auth: createTokenAuth(token),
    own: () => own,
    workflowLinkBase: null,
    log,
  });
  await server.listen({ host: '127.0.0.1', port });
  const browser = await launchBrowser();
  return {
    hub,
    put: (area, answers) => void Object.assign(shop[area], answers),
    empty() {
      const { flow: _, ...areas } = emptyShop();
      for (const [area, answers] of Object.entries(areas)) Object.assign(shop[area as Area], answers);
    },
    open: (hash, options) => openPage(browser, `http://127.0.0.1:${port}`, hash, options),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
