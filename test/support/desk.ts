import chromium from '@sparticuz/chromium';
import { join } from 'node:path';
import { chromium as playwright, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { freePort } from '../../stack/launch/ports.ts';
import { launchProcess, type RunningProcess } from '../../stack/launch/process.ts';
import type { Rig } from './rig.ts';

/** The repair desk of a rig, and a browser to look at it. */
export interface Desk {
  readonly url: string;
  /** Opens a page in a browser profile of its own, at this address behind `#`; `as` is who acts. */
  open(hash: string, options?: BrowserContextOptions & { readonly as?: string }): Promise<DeskPage>;
  /** Ends the desk's server by SIGKILL, and starts it again on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A page, and what went wrong in it. */
export interface DeskPage {
  readonly page: Page;
  /** Errors of scripts, and everything the content security policy has stopped. */
  readonly troubles: readonly string[];
  /** Shows another view of it. */
  go(hash: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the desk on the rig's parts, and a browser; both are ended with the rig. */
export async function openDesk(rig: Rig): Promise<Desk> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const launch = () => launchDesk(rig, port);
  let running = await launch();
  rig.onClose(() => running.stop());
  const browser = await launchBrowser();
  rig.onClose(() => browser.close());
  return {
    url,
    open: (hash, options) => openPage(browser, url, hash, options),
    kill: () => running.kill(),
    async start() {
      running = await launch();
    },
  };
}

const launchDesk = (rig: Rig, port: number): Promise<RunningProcess> =>
  launchProcess({
    name: 'dashboard',
    command: process.execPath,
    args: [join(inject('servers').build, 'dashboard', 'main.js')],
    env: { ...rig.env, DASHBOARD_PORT: String(port), TEMPORAL_UI_URL: 'http://127.0.0.1:8233' },
    logFile: join(rig.folder, 'dashboard.log'),
    isReady: 'says-so',
    readyWithin: 60_000,
  });

/** The Chromium of the npm package; of its own switches only what it cannot do without: the others turn protections off that are looked at here. */
export const launchBrowser = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox', '--disable-gpu'] });

/** Opens a page of the desk at this address in a browser profile of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  hash: string,
  { as, ...options }: BrowserContextOptions & { readonly as?: string } = {},
): Promise<DeskPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) troubles.push(message.text());
  });
  const go = async (to: string) => {
    await page.goto(`${url}/#${to}`);
    await page.locator('main h1').filter({ visible: true }).first().waitFor();
  };
  await go(hash);
  if (as) await nameActor(page, as);
  return { page, troubles, go, close: () => context.close() };
}

async function nameActor(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Your name' }).click();
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Use this name' }).click();
  await page.getByRole('button', { name }).waitFor();
}
