const steps = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
] as const;

/** A duration in one or two words: `12 s`, `5 min`, `3 h 20 min`, `4 d`. */
export function spanOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const index = steps.findIndex((step) => seconds >= step.seconds);
  const step = steps[index];
  if (!step) return `${seconds} s`;
  const whole = Math.floor(seconds / step.seconds);
  const smaller = steps[index + 1];
  const rest = smaller ? Math.floor((seconds % step.seconds) / smaller.seconds) : 0;
  return whole < 10 && smaller && rest > 0 ? `${whole} ${step.name} ${rest} ${smaller.name}` : `${whole} ${step.name}`;
}

/** An instant in the reader's own time zone. */
export const instantOf = (iso: string): string => instantFormat.format(new Date(iso));

const instantFormat = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** The day of an instant that is the first of its day; null instants count to the day before them. */
export function newDayAt(instants: readonly (string | null)[], index: number): string | null {
  const at = instants[index];
  if (!at) return null;
  const before = instants.slice(0, index).findLast((instant) => instant !== null);
  return before && dayOf(before) === dayOf(at) ? null : dayOf(at);
}

const dayOf = (iso: string): string => day.format(new Date(iso));

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** The time of day alone. */
export const timeOf = (iso: string): string => timeOfDay.format(new Date(iso));

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
