/** What asking again at once will not mend is asked again after 1, 2, 4 … minutes, at last every hour: a history must not grow without bound. */
export const backOff = (minutes: number): number => Math.min(minutes * 2, 60);
