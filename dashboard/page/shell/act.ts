import { change, messageOf, Told } from './request.ts';
import { someoneActs } from './session.ts';
import { say } from './toasts.ts';

/**
 * Does something in somebody's name and says how it went. The answer, or null when nobody gave a name or it was not taken; input that does not
 * fit is thrown as `Told`, to be shown at its field.
 */
export async function act<Answer>(
  path: string,
  body: object,
  done: (answer: Answer) => string,
): Promise<Answer | null> {
  if (!(await someoneActs())) return null;
  try {
    const answer = await change<Answer>(path, body);
    say(done(answer));
    return answer;
  } catch (error) {
    if (error instanceof Told && error.problems.length > 0) throw error;
    say(messageOf(error), 'trouble');
    return null;
  }
}
