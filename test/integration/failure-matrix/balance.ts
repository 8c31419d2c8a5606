import type { FactName } from '../../../contracts/facts.ts';
import type { BookedFact, OrderBooks } from './books.ts';
import type { Case, Trouble } from './matrix.ts';
import { cardOf, streetOf } from './partner-trouble.ts';
import type { StepRecord } from '../../../contracts/mediators/steps.ts';

/** What does not add up in an order's books, as sentences; none when all is well. */
export function whatIsWrong(one: Case, books: OrderBooks): readonly string[] {
  const checks = [whereItStands, money, goods, parcels, mails, factsAgree, undoAttempts];
  return checks.flatMap((check) => check(one, books));
}

type Check = (one: Case, books: OrderBooks) => readonly string[];

const equal = (what: string, found: unknown, expected: unknown): readonly string[] =>
  Object.is(found, expected) ? [] : [`${what}: ${String(found)} instead of ${String(expected)}`];

const whereItStands: Check = ({ end }, { state, keepsWorkingState, openHolds }) => [
  ...equal('state in the mediator store', state, end),
  ...equal('keeps card and body', keepsWorkingState, false),
  ...equal('open holds', openHolds, 0),
];

const money: Check = ({ end }, { balance, chargedAt, total, facts }) => [
  ...equal('captured minus refunded', balance, end === 'completed' ? total : 0),
  ...(chargedAt.length > 1 ? [`charged ${chargedAt.length} times`] : []),
  ...equal('the same by the facts', sumOf(facts, 'payment-applied') - sumOf(facts, 'payment-refunded'), balance),
];

const goods: Check = ({ end }, { takenPieces, waits, pieces, facts }) => {
  const took = count(facts, 'inventory-updated') - count(facts, 'inventory-released');
  return [
    ...equal('pieces taken', takenPieces, end === 'completed' ? pieces : 0),
    ...equal('titles waited for', waits, 0),
    ...equal('taken by the facts', took > 0, takenPieces > 0),
  ];
};

const parcels: Check = ({ end }, { packedParcels, shipments, bookedAt, underWay, facts }) => [
  ...equal('is packed', packedParcels > 0, end === 'completed'),
  ...equal(
    'packed by the facts',
    count(facts, 'order-fulfilled') - count(facts, 'order-unpacked'),
    packedParcels > 0 ? 1 : 0,
  ),
  ...equal('shipments under way', shipments, end === 'completed' ? 1 : 0),
  ...equal('the same by the carrier', underWay, shipments),
  ...(bookedAt.length > 1 ? [`booked ${bookedAt.length} times`] : []),
  ...equal('the same by the facts', count(facts, 'order-shipped') - count(facts, 'shipment-recalled'), shipments),
];

/** The customer is told each thing once; a worker that was killed may have sent its mail once more. Without an address nobody can be told. */
const mails: Check = (one, books) => {
  const { end, tested, trouble } = one;
  const wasCreated = count(books.facts, 'order-created') > 0;
  const hasAddress = !(trouble === 'refused' && tested.kind);
  const told = books.mails.filter(({ kind }) => kind === 'cancelled');
  const toldOnce = end === 'cancelled' && wasCreated ? 1 : 0;
  const wrongly = books.mails.flatMap(({ requestId, kind, sent }) => {
    const times = books.timesTaken(requestId);
    const mayRepeat = trouble === 'killed' && kind === tested.kind;
    return times === (sent ? 1 : 0) || (mayRepeat && times === 2) ? [] : [`mail ${kind} was taken ${times} times`];
  });
  const happy = ['confirmation', 'ready-to-ship', 'shipped'].filter(
    (kind) => !books.mails.some((mail) => mail.kind === kind),
  );
  return [
    ...wrongly,
    ...equal('mails that it was cancelled', told.length, toldOnce),
    ...(books.mails.some(({ sent }) => sent !== hasAddress) ? ['a mail was not sent, or could not be'] : []),
    ...(end === 'completed' && happy.length > 0 ? [`never told: ${happy.join(', ')}`] : []),
  ];
};

const factsAgree: Check = ({ end }, { facts, mails: sendings }) => {
  const gap = facts.findIndex(({ sequence }, index) => sequence !== index + 1);
  const held = count(facts, 'order-held') - count(facts, 'order-resumed');
  const wasCreated = count(facts, 'order-created') > 0;
  return [
    ...(gap >= 0 ? [`a gap in the facts at ${gap + 1}`] : []),
    ...equal('completed by the facts', count(facts, 'order-completed'), end === 'completed' ? 1 : 0),
    ...equal('cancelled by the facts', count(facts, 'order-cancelled'), end === 'cancelled' && wasCreated ? 1 : 0),
    ...equal('mails by the facts', count(facts, 'email-sent'), sendings.filter(({ sent }) => sent).length),
    ...(end === 'completed' ? equal('holds without an end', held, 0) : []),
  ];
};

/** A compensation that fails twice is acknowledged at its third attempt. */
const undoAttempts: Check = ({ undo }, { steps }) => {
  const undone = steps.filter(({ command }) => undoCommands.has(command));
  const expected = undo === 'none' ? 0 : undoCommands.size;
  if (undo === 'none') return equal('compensating commands', undone.length, expected);
  const attempts = undone.map(({ command, attempt }) => ({ command, attempt: attempt ?? 0 }));
  const least = undo === 'fails-twice' ? 3 : 1;
  return [
    ...(undone.length === 0 ? ['nothing was undone'] : []),
    ...attempts.flatMap(({ command, attempt }) =>
      attempt < least ? [`${command} was done at attempt ${attempt}`] : [],
    ),
  ];
};

const undoCommands: ReadonlySet<string> = new Set([
  'cancel-order',
  'refund-payment',
  'release-inventory',
  'unpack-order',
  'recall-shipment',
]);

/** Whether the command went through what the case is about. */
export function hadItsTrouble(one: Case, books: OrderBooks): readonly string[] {
  const { command, kind } = one.tested;
  const asked = books.steps.filter(
    (record) => record.command === command && (!kind || record.requestId.includes(`/${kind}/`)),
  );
  return signs[one.trouble](one, asked, books);
}

type Sign = (one: Case, asked: readonly StepRecord[], books: OrderBooks) => readonly string[];

const wasAskedAgain: Sign = (_, asked) =>
  asked.some(({ attempt }) => (attempt ?? 0) >= 2) ? [] : ['was acknowledged at its first attempt'];

const signs: { readonly [Name in Trouble]: Sign } = {
  refused: ({ tested }, asked, { facts }) => [
    ...(tested.kind ? [] : equal('refusal', asked[0]?.refusal, tested.refusal ?? 'Fault')),
    ...(count(facts, tested.toldBy) > 0 ? [] : [`no fact ${tested.toldBy} tells of it`]),
  ],
  after: wasAskedAgain,
  before: wasAskedAgain,
  killed: wasAskedAgain,
  late: (one, asked, { facts, chargedAt, bookedAt, finishedAt }) => [
    ...(asked.some(({ refusal }) => refusal === 'Fault') ? [] : ['did not pass its retry time']),
    ...(facts.some(({ body }) => body.reason === 'fault') ? [] : ['was not held for a fault']),
    ...(cardOf(one) === 'card_slow' && (chargedAt[0] ?? '') < finishedAt
      ? ['was not charged after its compensation']
      : []),
    ...(streetOf(one) === '1 Slow Street' && (bookedAt[0] ?? '') < finishedAt
      ? ['was not booked after its compensation']
      : []),
  ],
  cancelled: (_, asked) => equal('times asked', asked.length, 1),
};

const count = (facts: readonly BookedFact[], name: FactName): number =>
  facts.filter((fact) => fact.name === name).length;

const sumOf = (facts: readonly BookedFact[], name: FactName): number =>
  facts.reduce((sum, fact) => sum + (fact.name === name ? (fact.body.amount?.amount ?? 0) : 0), 0);
