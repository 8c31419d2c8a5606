import { UpdateIds } from './update-ids.ts';
import { change, errorMessage, RequestError } from './request.ts';
import { hasActor } from './session.ts';
import { showToast } from './toasts.ts';

/**
 * Does an action in the name of the actor, and says how it went. Answers null when no name was given or the action was
 * refused; throws `RequestError` for input that does not fit, to be shown at its field.
 */
export const act = <Answer>(path: string, body: object, done: (answer: Answer) => string): Promise<Answer | null> =>
  reported(() => change<Answer>(path, body), done);

/** Like `act`, for actions with an `updateId`: the same action once more, after no answer, is done once. */
export const actOnce = <Answer>(path: string, body: object, done: (answer: Answer) => string): Promise<Answer | null> =>
  reported(() => once<Answer>(path, body), done);

async function reported<Answer>(work: () => Promise<Answer>, done: (answer: Answer) => string): Promise<Answer | null> {
  if (!(await hasActor())) return null;
  try {
    const answer = await work();
    showToast(done(answer));
    return answer;
  } catch (error) {
    if (error instanceof RequestError && error.problems.length > 0) throw error;
    showToast(errorMessage(error), 'trouble');
    return null;
  }
}

const updateIds = new UpdateIds();

async function once<Answer>(path: string, body: object): Promise<Answer> {
  const asked = `${path} ${JSON.stringify(body)}`;
  try {
    const answer = await change<Answer>(path, { ...body, updateId: updateIds.of(asked) });
    updateIds.answered(asked);
    return answer;
  } catch (error) {
    if (error instanceof RequestError && !mayBeDone.includes(error.code)) updateIds.answered(asked);
    throw error;
  }
}

/** Answers that leave open whether it was done. */
const mayBeDone: readonly RequestError['code'][] = ['offline', 'not-known', 'internal'];
