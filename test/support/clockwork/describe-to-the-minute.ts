import { describe } from 'vitest';
import { getTestServer } from '../../../stack/setup/test-server.mjs';

/**
 * A suite on the time-skipping server, where days pass in seconds and are measured to the minute. Title and one printed line say which server
 * that is. Where there is none, the tests are skipped, and both say why: the compressed policies on the real server are then all there is.
 */
export async function describeToTheMinute(title: string, suite: (serverPath: string) => void): Promise<void> {
  const server = await getTestServer();
  const runs = 'path' in server;
  const how = runs
    ? `time-skipping test server, ${server.from}`
    : `SKIPPED: no time-skipping test server. ${server.missing} Time is tested on the real server only, with compressed policies.`;
  process.stderr.write(`time: ${title}: ${how}\n`);
  describe.skipIf(!runs)(`${title} (${how})`, () => suite(runs ? server.path : ''));
}
