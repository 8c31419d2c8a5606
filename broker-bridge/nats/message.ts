/**
 * A message of any broker. Header names are case-sensitive and appear once; when a name was sent twice, its values are
 * joined with commas. The headers of a message that came may hold characters that cannot be sent: they are not changed.
 */
export interface Message {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}
