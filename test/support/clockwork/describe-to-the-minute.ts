import { describe } from 'vitest';
import { getTestServer } from '../../../stack/setup/test-server.mjs';

/**
 * A suite on the time-skipping server, where days pass in seconds and are measured to the minute. Title and one printed
 * line say which server that is. Without one the suite fails, unless WITHOUT_TIME_SKIPPING=1 leaves it out: then time is
 * tested on the real server only, with compressed policies.
 */
export async function describeToTheMinute(title: string, suite: (serverPath: string) => void): Promise<void> {
  const server = await getTestServer();
  const runs = 'path' in server;
  if (!runs && process.env['WITHOUT_TIME_SKIPPING'] !== '1')
    throw new Error(
      `There is no time-skipping test server. ${server.missing} Set WITHOUT_TIME_SKIPPING=1 to leave these tests out.`,
    );
  const how = runs
    ? `time-skipping test server, ${server.from}`
    : `LEFT OUT by WITHOUT_TIME_SKIPPING: ${server.missing} Time is tested on the real server only, with compressed policies.`;
  process.stderr.write(`time: ${title}: ${how}\n`);
  describe.skipIf(!runs)(`${title} (${how})`, () => suite(runs ? server.path : ''));
}
