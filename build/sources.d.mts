export const folders: readonly string[];
export const dist: string;
export function fingerprint(...more: readonly string[]): string;
export function isUpToDate(): boolean;
export function stamp(folder: string): void;
