import { OpenIds } from './fresh-id.ts';
import { change, messageOf, Told } from './request.ts';
import { someoneActs } from './session.ts';
import { say } from './toasts.ts';

/**
 * Does something in somebody's name and says how it went. The answer, or null when nobody gave a name or it was not taken; input that does not
 * fit is thrown as `Told`, to be shown at its field.
 */
export const act = <Answer>(path: string, body: object, done: (answer: Answer) => string): Promise<Answer | null> =>
  told(() => change<Answer>(path, body), done);

/** As `act`, for what takes an `updateId`: whoever got no answer may ask the same once more, and it is done once. */
export const actOnce = <Answer>(path: string, body: object, done: (answer: Answer) => string): Promise<Answer | null> =>
  told(() => once<Answer>(path, body), done);

async function told<Answer>(work: () => Promise<Answer>, done: (answer: Answer) => string): Promise<Answer | null> {
  if (!(await someoneActs())) return null;
  try {
    const answer = await work();
    say(done(answer));
    return answer;
  } catch (error) {
    if (error instanceof Told && error.problems.length > 0) throw error;
    say(messageOf(error), 'trouble');
    return null;
  }
}

const openIds = new OpenIds();

async function once<Answer>(path: string, body: object): Promise<Answer> {
  const asked = `${path} ${JSON.stringify(body)}`;
  try {
    const answer = await change<Answer>(path, { ...body, updateId: openIds.of(asked) });
    openIds.answered(asked);
    return answer;
  } catch (error) {
    if (error instanceof Told && !mayBeDone.includes(error.code)) openIds.answered(asked);
    throw error;
  }
}

/** Answers that leave open whether it was done. */
const mayBeDone: readonly Told['code'][] = ['offline', 'not-known', 'internal'];
