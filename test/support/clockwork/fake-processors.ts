import { Context } from '@temporalio/activity';
import { answerOf } from '../../../activities/kit/refuse.ts';
import type { Channel } from '../../../contracts/channels.ts';
import { type Commands } from '../../../contracts/commands.ts';
import type { RefusalDetails, RefusalType } from '../../../contracts/failures.ts';
import type { Refusal } from '../../../prisma/outcome.ts';
import { processorAnswers, type Answers } from './processor-answers.ts';
import { commandRoutes, type CommandName } from '../../../contracts/command-routes.ts';

/** Tells the server's time: milliseconds since 1970. It stands still while an activity is under way. */
export type Clock = () => Promise<number>;

/** Activities by the channel they are asked on, and there by their names. */
export type ActivitiesByChannel = { readonly [Name in Channel]?: Readonly<Record<string, Activity>> };

type Activity = (command: never) => Promise<unknown>;

/** One attempt of a command, as its processor saw it. */
export interface Asked<Name extends CommandName = CommandName> {
  readonly name: Name;
  readonly command: Commands[Name]['command'];
  readonly attempt: number;
  /** When it came, in the server's time: milliseconds since 1970. */
  readonly at: number;
  readonly ended: 'acknowledged' | 'refused' | 'failed';
}

/** Every processor, in memory, with answers a test may script. They store no answers: what they are asked, they do. */
export interface FakeProcessors {
  readonly activitiesByChannel: ActivitiesByChannel;
  /** Every attempt of this command, in the order they came. */
  asked<Name extends CommandName>(name: Name): readonly Asked<Name>[];
  /** Refuses the command the next so many times. */
  refuse<Type extends RefusalType>(name: CommandName, type: Type, details: RefusalDetails[Type], times?: number): void;
  /** Fails the command the next so many times, after what is to be refused: a fault, which the mediator retries. */
  fail(name: CommandName, times?: number): void;
  /** Ends all refusals and faults that are still to come. */
  recover(): void;
  /** Acknowledges the command in another way from now on. */
  answer<Name extends CommandName>(name: Name, answer: Answers[Name]): void;
}

interface Trouble {
  left: number;
  readonly ended: 'refused' | 'failed';
  readonly raise: () => never;
}

interface Books {
  readonly answers: Answers;
  readonly log: Asked[];
  readonly troubles: Map<CommandName, Trouble[]>;
  readonly now: Clock;
}

/** Processors that acknowledge everything until they are told otherwise. */
export function fakeProcessors(now: Clock): FakeProcessors {
  const books: Books = { answers: processorAnswers(), log: [], troubles: new Map(), now };
  const plan = (name: CommandName, trouble: Trouble) =>
    void books.troubles.set(name, [...(books.troubles.get(name) ?? []), trouble]);
  return {
    activitiesByChannel: activitiesOf(books),
    asked: <Name extends CommandName>(name: Name) => books.log.filter((asked) => asked.name === name) as Asked<Name>[],
    refuse(name, type, details, times = 1) {
      const refusal = { type, details } as unknown as Refusal;
      // Always throws: an outcome that is a refusal has no answer.
      plan(name, { left: times, ended: 'refused', raise: () => answerOf<never>({ refusal }) });
    },
    fail: (name, times = 1) => plan(name, { left: times, ended: 'failed', raise: () => fault(name) }),
    recover: () => books.troubles.clear(),
    answer: (name, answer) => void Object.assign(books.answers, { [name]: answer }),
  };
}

const fault = (name: CommandName): never => {
  throw new Error(`The processor of ${name} has a fault, as the test wants it.`);
};

function activitiesOf(books: Books): ActivitiesByChannel {
  const byChannel: Partial<Record<Channel, Record<string, Activity>>> = {};
  for (const name of Object.keys(commandRoutes) as CommandName[]) {
    const { channel, activity } = commandRoutes[name];
    (byChannel[channel] ??= {})[activity] = (command) => carryOut(books, name, command);
  }
  return byChannel;
}

async function carryOut(books: Books, name: CommandName, command: never): Promise<object> {
  const { attempt } = Context.current().info;
  // Not the instant Temporal tells: this server tells that of the attempt before.
  const at = await books.now();
  const trouble = books.troubles.get(name)?.find(({ left }) => left > 0);
  books.log.push({ name, command, attempt, at, ended: trouble?.ended ?? 'acknowledged' });
  if (!trouble) return { ...books.answers[name](command), attempt };
  trouble.left -= 1;
  return trouble.raise();
}
