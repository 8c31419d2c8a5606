import { commandRoutes } from '../../contracts/command-routes.ts';

const attemptMs = Number.parseInt(commandRoutes['email-customer'].startToClose) * 1_000;

/**
 * How an attempt divides its start-to-close time; what is left is for the database. The claim in the store lasts for all of it,
 * which is longer than any send: it runs out only after a crash.
 */
export const patience = {
  /** The longest wait for a free connection. Nothing is claimed meanwhile. */
  freeConnectionMs: attemptMs / 6,
  /** The longest that handing over one mail may take, the server's last answer included; the connection is closed then. */
  sendMs: (attemptMs * 2) / 3,
} as const;
