export type BinaryName = 'temporal' | 'nats-server';

export interface FoundBinary {
  readonly path: string;
  readonly version: string;
  /** Environment variable, `PATH` or `cache`. */
  readonly from: string;
}

export declare const checkout: string;
export declare const binaryCache: string;
export declare function cachedBinary(name: BinaryName, version: string): string;
export declare function findBinary(name: BinaryName): FoundBinary | null;
export declare function requireBinary(name: BinaryName): string;
export declare function versionOf(path: string): string | null;
export declare function isOlder(version: string, than: string): boolean;
