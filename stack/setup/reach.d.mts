export function checkReach(options?: {
  readonly uid?: number;
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
}): void;
export function checkWritable(folder?: string): void;
