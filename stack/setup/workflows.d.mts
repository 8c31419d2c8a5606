export declare const bundleShelf: string;
export declare function bundleFile(): string;
export declare function bundleWorkflows(): Promise<void>;
