import { describe, expect, it } from 'vitest';
import { whyNoRoom, type ActionKind, type RunSize } from '../../../contracts/mediators/room.ts';

const short: RunSize = { historyLength: 100, historySize: 50_000, continueAsNewSuggested: false };
const suggested: RunSize = { ...short, historyLength: 4_100, continueAsNewSuggested: true };

const refused = (run: RunSize): readonly ActionKind[] =>
  (['optional', 'repeatable', 'ending'] as const).filter((kind) => whyNoRoom(kind, run) !== undefined);

describe('the room of a run', () => {
  it.each<[string, RunSize, readonly ActionKind[]]>([
    ['a short one takes everything', short, []],
    ['one that should continue as new takes no more changes', suggested, ['optional']],
    ['the same just before it is long', { ...suggested, historyLength: 6_143, historySize: 6_291_455 }, ['optional']],
    ['one of many events takes what ends it', { ...suggested, historyLength: 6_144 }, ['optional', 'repeatable']],
    ['one of many bytes as well', { ...suggested, historySize: 6_291_456 }, ['optional', 'repeatable']],
    [
      'one that comes to the last tenth of its updates as well',
      { ...suggested, suggestedContinueAsNewReasons: ['TOO_MANY_UPDATES'] },
      ['optional', 'repeatable'],
    ],
    [
      'one that the server calls too large for another reason takes what carries it on',
      { ...suggested, suggestedContinueAsNewReasons: ['HISTORY_SIZE_TOO_LARGE', 'TOO_MANY_HISTORY_EVENTS'] },
      ['optional'],
    ],
  ])('%s', (_, run, kinds) => {
    expect(refused(run)).toEqual(kinds);
  });
});
