import type { RunningProcess } from '../../stack/launch/process.ts';

/** Starts one process of a crew; resolves when it works. */
export type Launch = () => Promise<Pick<RunningProcess, 'pid' | 'stop' | 'kill'>>;

/** The processes of a topology, by name. Each can be killed and started again. */
export class Crew {
  readonly #launches: Readonly<Record<string, Launch>>;
  readonly #running = new Map<string, Awaited<ReturnType<Launch>>>();

  constructor(launches: Readonly<Record<string, Launch>>) {
    this.#launches = launches;
  }

  get pids(): readonly number[] {
    return [...this.#running.values()].map(({ pid }) => pid);
  }

  /** Starts those of these names that do not run; all of them by default. */
  async start(names: readonly string[] = Object.keys(this.#launches)): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const launch = this.#launches[name];
        if (launch && !this.#running.has(name)) this.#running.set(name, await launch());
      }),
    );
  }

  /** Ends them by SIGKILL. */
  async kill(names: readonly string[] = [...this.#running.keys()]): Promise<void> {
    await this.#end(names, 'kill');
  }

  async stop(): Promise<void> {
    await this.#end([...this.#running.keys()], 'stop');
  }

  async #end(names: readonly string[], how: 'kill' | 'stop'): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const running = this.#running.get(name);
        this.#running.delete(name);
        await running?.[how]();
      }),
    );
  }
}
