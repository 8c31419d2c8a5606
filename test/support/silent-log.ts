import type { Log } from '../../broker-bridge/component.ts';

const nothing = (): void => undefined;

/** A log that nobody reads, for parts that are run inside a test. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
