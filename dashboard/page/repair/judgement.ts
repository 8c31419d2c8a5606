import type { CaseProblem } from '../../../contracts/mediators/repair.ts';
import { placed, type PlacedProblem } from './draft.ts';

/** What is wrong with the text in the editor, as far as the server has said. */
export class Judgement {
  #wrong: readonly CaseProblem[] = [];
  #problems: readonly PlacedProblem[] = [];
  #checked: string | null = null;

  get problems(): readonly PlacedProblem[] {
    return this.#problems;
  }

  /** Until the server has answered: of another case, or what was wrong when it came. */
  assume(problems: readonly CaseProblem[], text: string): void {
    this.#checked = null;
    this.#tell(problems, text);
  }

  /** The text was edited: what was wrong is so until the server has looked at it. */
  follow(text: string): void {
    this.#tell(this.#wrong, text);
  }

  /** The server's answer about this text. */
  answer(problems: readonly CaseProblem[], text: string): void {
    this.#checked = text;
    this.#tell(problems, text);
  }

  isAnswered(text: string): boolean {
    return this.#checked === text;
  }

  /** Whether it would be taken as it is; null while that is asked. */
  fits(text: string): boolean | null {
    return this.#problems.length > 0 ? false : this.isAnswered(text) || null;
  }

  #tell(problems: readonly CaseProblem[], text: string): void {
    this.#wrong = problems;
    this.#problems = placed(problems, text);
  }
}
