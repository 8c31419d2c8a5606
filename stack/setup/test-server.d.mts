export type TestServer = { readonly path: string; readonly from: string } | { readonly missing: string };

export declare function getTestServer(): Promise<TestServer>;
