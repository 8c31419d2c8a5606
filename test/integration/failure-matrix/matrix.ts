import type { FactName } from '../../../contracts/facts.ts';
import { skippable } from '../../../contracts/mediators/holds.ts';
import type { MailKind } from '../../../contracts/notification.ts';
import type { RefusalType } from '../../../contracts/failures.ts';
import type { CommandName } from '../../../contracts/command-routes.ts';
import type { StepNumber } from '../../../contracts/mediators/steps.ts';

/** A command of an order's five steps; mails are told apart by their kind. */
export interface TestedCommand {
  readonly step: StepNumber;
  readonly command: CommandName;
  readonly kind?: MailKind;
  /** What it is refused with; null where its processor has no refusal for it. */
  readonly refusal: RefusalType | null;
  /** How the refusal, or what comes next to one, is brought about. */
  readonly refusedBy: string;
  /** The fact that tells of it. */
  readonly toldBy: FactName;
}

const badAddress = "the customer's mail address is none: the mail is acknowledged as not delivered";

/** Every command of every step, in their order. */
export const testedCommands: readonly TestedCommand[] = [
  {
    step: 1,
    command: 'create-order',
    refusal: 'UnknownTitle',
    refusedBy: 'a title that the catalogue does not have',
    toldBy: 'request-refused',
  },
  {
    step: 2,
    command: 'email-customer',
    kind: 'confirmation',
    refusal: null,
    refusedBy: badAddress,
    toldBy: 'email-refused',
  },
  {
    step: 2,
    command: 'apply-payment',
    refusal: 'PaymentDenied',
    refusedBy: 'the gateway declines the card',
    toldBy: 'payment-denied',
  },
  {
    step: 2,
    command: 'adjust-inventory',
    refusal: 'OutOfStock',
    refusedBy: 'more is wanted than there is',
    toldBy: 'inventory-denied',
  },
  {
    step: 3,
    command: 'fulfill-order',
    refusal: 'NotPackable',
    refusedBy: "the title's weight is not written down",
    toldBy: 'packing-denied',
  },
  {
    step: 3,
    command: 'order-stock',
    refusal: null,
    refusedBy: 'the supplier answers 409 to the purchase order: a lasting fault, left out at the deadline of its hold',
    toldBy: 'order-held',
  },
  {
    step: 4,
    command: 'ship-order',
    refusal: 'Undeliverable',
    refusedBy: 'the carrier does not go to that country',
    toldBy: 'shipment-denied',
  },
  {
    step: 4,
    command: 'email-customer',
    kind: 'ready-to-ship',
    refusal: null,
    refusedBy: badAddress,
    toldBy: 'email-refused',
  },
  {
    step: 5,
    command: 'email-customer',
    kind: 'shipped',
    refusal: null,
    refusedBy: badAddress,
    toldBy: 'email-refused',
  },
];

/** What happens to the command. */
export const troubles = ['refused', 'after', 'before', 'late', 'killed', 'cancelled'] as const;

export type Trouble = (typeof troubles)[number];

/** Each trouble, as the table calls it. */
export const troubleNames: { readonly [Name in Trouble]: string } = {
  refused: 'refused',
  after: 'times out after doing it',
  before: 'times out before doing it',
  late: 'does it late, after its compensation',
  killed: 'worker killed',
  cancelled: 'order cancelled meanwhile',
};

/** What becomes of the order then: left alone, or undone by compensating commands that work, or that each fail twice first. */
export const undoings = ['none', 'works', 'fails-twice'] as const;

export type Undoing = (typeof undoings)[number];

export type End = 'completed' | 'cancelled' | 'refused';

/** How the order ends, or why there is no such case. */
export type Cell = { readonly end: End; readonly because?: string } | { readonly cannotBe: string };

/** What may be left out does not undo the order. */
const mayBeLeftOut = ({ command }: TestedCommand): boolean => skippable.includes(command);

const isMail = ({ command }: TestedCommand): boolean => command === 'email-customer';

/** Whether somebody's cancel undoes it; else the trouble itself does. A customer can until the order is handed over. */
export function cancelledBy({ tested, trouble }: Pick<Case, 'tested' | 'trouble'>): 'customer' | 'operator' | null {
  if (trouble === 'cancelled') return tested.step < 4 ? 'customer' : 'operator';
  const undoesItself = trouble === 'late' || (trouble === 'refused' && !mayBeLeftOut(tested));
  return undoesItself ? null : 'operator';
}

/** What is to be expected of a command, a trouble and a compensation. */
export function cellOf(tested: TestedCommand, trouble: Trouble, undo: Undoing): Cell {
  const { command } = tested;
  if (trouble === 'late' && isMail(tested))
    return { cannotBe: 'a mail has no undo; it may come after the cancellation' };
  if (trouble === 'late' && command === 'order-stock') return { cannotBe: 'no undo: stock that is low stays low' };
  if (trouble === 'refused' && command === 'create-order') {
    return undo === 'none' ? { end: 'refused' } : { cannotBe: 'nothing was kept, so that nothing is undone' };
  }
  if (undo !== 'none') return { end: 'cancelled' };
  if (trouble === 'late') return { cannotBe: 'late is after its compensation' };
  if (trouble === 'refused') {
    return mayBeLeftOut(tested) ? { end: 'completed' } : { cannotBe: 'nobody helps: it is undone' };
  }
  if (trouble !== 'cancelled') return { end: 'completed' };
  const because = "the customer's cancel waits for the carrier's answer, and is refused";
  return command === 'ship-order' ? { end: 'completed', because } : { cannotBe: 'it is undone' };
}

/** One order of the matrix. */
export interface Case {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly name: string;
  readonly tested: TestedCommand;
  readonly trouble: Trouble;
  readonly undo: Undoing;
  readonly end: End;
}

/** The command with its kind, as people read it. */
const labelOf = ({ command, kind }: TestedCommand): string => (kind ? `${command} (${kind})` : command);

/** Every case that can be. */
export const cases: readonly Case[] = testedCommands
  .flatMap((tested) => troubles.flatMap((trouble) => undoings.map((undo) => ({ tested, trouble, undo }))))
  .flatMap((axes) => {
    const cell = cellOf(axes.tested, axes.trouble, axes.undo);
    return 'end' in cell ? [{ ...axes, end: cell.end }] : [];
  })
  .map((one, index) => ({
    ...one,
    number: index + 1,
    name: `${labelOf(one.tested)}, ${troubleNames[one.trouble]}, undo: ${one.undo}`,
  }));

/** How a trouble is brought about with this command, in one sentence; null where it cannot be. */
export function howOf(tested: TestedCommand, trouble: Trouble): string | null {
  if (undoings.every((undo) => 'cannotBe' in cellOf(tested, trouble, undo))) return null;
  if (trouble === 'refused') return tested.refusedBy;
  const ofMail = isMail(tested) ? mailTroubles[trouble] : undefined;
  if (ofMail !== undefined) return ofMail;
  const ofPartner = partnerTroubles[`${tested.command} ${trouble}`];
  if (ofPartner !== undefined) return ofPartner;
  if (trouble === 'killed') return isPlain(tested) ? killedBefore : killedBetween;
  return anyTroubles[trouble];
}

const isPlain = ({ command }: TestedCommand): boolean => !withPartner.includes(command);

/** The commands that have a partner do something; mails are told apart. */
export const withPartner: readonly CommandName[] = ['apply-payment', 'order-stock', 'ship-order'];

const killedBefore = 'SIGKILL while its statement hangs; the statement goes on without it';
const killedBetween = 'SIGKILL after the partner did it, while the answer is being written';

const partnerTroubles: Readonly<Record<string, string | undefined>> = {
  'apply-payment late':
    'the gateway charges after the undo (undo works), or the charge is known to the gateway and its answer hangs (undo fails twice)',
  'ship-order late':
    'the carrier books after the undo (undo works), or the shipment is known to the carrier and its answer hangs (undo fails twice)',
  'ship-order after':
    "the carrier's answer is lost after it booked (left alone), or its commit takes longer than an attempt may take (undone)",
};

const anyTroubles: { readonly [Name in Exclude<Trouble, 'refused' | 'killed'>]: string } = {
  after: 'its commit takes longer than an attempt may take',
  before: 'the first attempt hangs before it writes anything, until the order has ended, and fails',
  late: 'the first attempt hangs past its retry time and the deadline of the hold, and goes on when the order has ended',
  cancelled: 'cancelled while its statement hangs, which then goes on',
};

const mailTroubles: { readonly [Name in Trouble]?: string } = {
  after: 'the mail is handed over, and the commit of the mark takes longer than an attempt may take',
  before: 'it cannot be claimed for sending, until it was tried twice',
  killed: 'SIGKILL after the mail was handed over, while the mark is being written',
};
