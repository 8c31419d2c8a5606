/**
 * The headers of every message that is a CloudEvent 1.0 in binary mode, by the CloudEvents binding of NATS: each
 * attribute is a header of its own, whose value is percent-encoded on the wire.
 */
export const cloudEventHeaders = {
  id: 'ce-id',
  source: 'ce-source',
  /** The name of the event or fact, the same as in the subject. */
  type: 'ce-type',
  time: 'ce-time',
  specversion: 'ce-specversion',
  /** CloudEvents' partitioning extension. Messages of one key keep their order. */
  key: 'ce-partitionkey',
  /** `urn:order-mediator:<name>:<version>` */
  dataschema: 'ce-dataschema',
  dataContentType: 'ce-datacontenttype',
} as const;

/** The value of `ce-dataschema` for an event or a fact of this name. */
export const dataschemaOf = (name: string, version = 1): string => `urn:order-mediator:${name}:${version}`;

/** The version in a `ce-dataschema` of this name; null for any other schema. */
export function schemaVersionIn(dataschema: string, name: string): number | null {
  const own = dataschemaOf(name, 0).slice(0, -1);
  const version = dataschema.startsWith(own) ? dataschema.slice(own.length) : '';
  return /^[1-9]\d{0,8}$/.test(version) ? Number(version) : null;
}
