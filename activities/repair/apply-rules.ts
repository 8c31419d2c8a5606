import type { RepairableMessage, RepairRule } from './message.ts';
import { nameOfRule, repairRules } from './rules/index.ts';

/** What the rules made of a message. */
export interface Repaired {
  readonly message: RepairableMessage;
  /** Those that changed something, as `name@version`, in their order. */
  readonly applied: readonly string[];
}

/** Tries every rule once, in order. */
export function applyRules(message: RepairableMessage, rules: readonly RepairRule[] = repairRules): Repaired {
  return rules.reduce<Repaired>(
    (so, rule) => {
      const repaired = rule.repair(so.message);
      return repaired ? { message: repaired, applied: [...so.applied, nameOfRule(rule)] } : so;
    },
    { message, applied: [] },
  );
}
