import * as pruning from '../../../../activities/pruning/statements.ts';
import { sample } from '../describe.ts';

export const samples = [
  sample(pruning.pruneFacts, 45, 1_000),
  sample(pruning.pruneSeen, 'email_analytics', 60, 1_000),
  sample(pruning.pruneAnswers, 90, 1_000),
  sample(pruning.pruneCases, 90, 1_000),
  sample(pruning.pruneHistories, 180, 1_000),
];
