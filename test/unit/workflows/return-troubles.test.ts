import { beforeEach, describe, expect, it } from 'vitest';
import { openTroubles, type Troubles } from '../../../workflows/returns/troubles.ts';

let shown: string | null;
let written: (string | null)[];
let troubles: Troubles;

beforeEach(() => {
  [shown, written] = [null, []];
  troubles = openTroubles({
    change: (trouble) => void (shown = trouble),
    record: async () => void written.push(shown),
  });
});

describe('the troubles of a return', () => {
  it('are kept by command: what goes well says nothing of what fails', async () => {
    await troubles.show('refund-return', 'The gateway is away.');
    await troubles.over('restock-return');
    expect([shown, written]).toEqual(['The gateway is away.', ['The gateway is away.', 'The gateway is away.']]);
  });

  it('are shown together, and each is gone when its command is answered', async () => {
    await troubles.show('refund-return', 'The gateway is away.');
    await troubles.show('restock-return', 'The database is away.');
    expect(shown).toBe('The gateway is away. The database is away.');
    await troubles.over('refund-return');
    expect(shown).toBe('The database is away.');
    await troubles.over('restock-return');
    expect(shown).toBeNull();
  });

  it('are written down at each failure and at the first answer after one, as they always were: histories replay', async () => {
    await troubles.over('open-return');
    expect(written).toHaveLength(0);
    await troubles.show('refund-return', 'Away.');
    await troubles.over('restock-return');
    await troubles.over('refund-return');
    expect(written).toHaveLength(2);
  });
});
