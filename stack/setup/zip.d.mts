export declare function fileInZip(zip: Buffer, nameEnds: string): Buffer;
