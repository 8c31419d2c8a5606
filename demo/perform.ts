import { factLine } from '../client/print/order-lines.ts';
import type { Style } from '../client/print/style.ts';
import { openBroker } from '../app/nats.ts';
import { withSources } from '../app/sources.ts';
import type { Environment } from '../app/temporal.ts';
import { listenToFacts } from '../broker-bridge/facts/listen.ts';
import { loadConfig } from '../config/config.ts';
import { putUpFactBoard } from './fact-board.ts';
import { play, type Stage } from './play.ts';
import { askVersions, reportOf, type Report } from './report.ts';
import { scenarios } from './scenarios.ts';
import type { Ended } from './summary.ts';
import { faultsIn } from './verdict.ts';

/** The surroundings of the demo, besides a system that runs. */
export interface Performance {
  /** Leads to the running system. */
  readonly env: Environment;
  readonly style: Style;
  readonly print: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/** Everything that was played, and the report on it. */
export interface Performed {
  readonly ended: readonly Ended[];
  readonly report: Report;
}

/** Plays all scenarios one after the other, while every fact that is broadcast is shown as it is heard. */
export async function perform({ env, style, print, interrupted }: Performance): Promise<Performed> {
  const [broker, queue] = await Promise.all([
    openBroker({ env, identity: 'outside-listener', note: print }),
    openBroker({ env, identity: 'producer', note: print }),
  ]);
  const over = new AbortController();
  const signal = AbortSignal.any([interrupted, over.signal]);
  try {
    const board = putUpFactBoard(listenToFacts({ broker, signal, onForeign: print }), (fact) =>
      print(`${style.busy('fact')}  ${factLine(fact, style)}`),
    );
    return await withSources(env, async (sources) => {
      const ended = await playAll(
        { sources, queue, board, style, print: (line) => print(`      ${line}`), interrupted },
        print,
      );
      const versions = await askVersions(sources, loadConfig(env).natsMonitorUrl);
      return { ended, report: reportOf(secondsSoFar(), versions, ended) };
    });
  } finally {
    over.abort();
    await Promise.all([broker.close(), queue.close()]);
  }
}

async function playAll(stage: Stage, print: (line: string) => void): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const scenario of scenarios) {
    print('');
    print(`${stage.style.bold(scenario.name)}: ${scenario.about}`);
    const played = await play(scenario, stage);
    const unheard = stage.board.failure;
    const more = played.facts.some(({ name }) => scenario.mayAlso.includes(name));
    if (scenario.otherwise && !more) stage.print(stage.style.dim(scenario.otherwise));
    ended.push({
      scenario,
      played,
      faults: [...faultsIn(scenario, played), ...(unheard ? [unheardBecause(unheard)] : [])],
    });
  }
  return ended;
}

const unheardBecause = (failure: unknown): string =>
  `Facts can no longer be heard: ${failure instanceof Error ? failure.message : String(failure)}.`;

/** Since this process began. */
const secondsSoFar = (): number => Math.round(performance.now() / 100) / 10;
