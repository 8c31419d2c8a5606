import type { Reporter, TestCase } from 'vitest/node';

/** Names the tests that passed only when they were tried again: each is a defect, and `.ci/run` says which. */
// Vitest reads this file's default export; there is no other way to tell it.
export default class Retried implements Reporter {
  readonly #found: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#found.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    if (this.#found.length === 0) return;
    console.log(`${this.#found.length} passed only when tried again; each is a defect, of the code or of the test:`);
    for (const name of this.#found) console.log(`  ${name}`);
  }
}
