/* The requests of a user to JetStream; a subject for each stream and consumer. */

export const info = (stream: string) => `$JS.API.STREAM.INFO.${stream}`;
export const getMessage = (stream: string) => `$JS.API.STREAM.MSG.GET.${stream}`;
export const removeMessage = (stream: string) => `$JS.API.STREAM.MSG.DELETE.${stream}`;

/**
 * Acknowledgements as nats-server 2.15 takes them, in the form up to now and in the one with domain and account, which
 * is the rule from 2.16 on. The number of tokens is exact: with fewer in the second, it would allow what is addressed
 * to any consumer in the first form, and `+NXT` on such a subject asks for a message.
 */
const acknowledge = (stream: string, consumer: string) => [
  `$JS.ACK.${stream}.${consumer}.*.*.*.*.*`,
  `$JS.ACK.*.*.${stream}.${consumer}.*.*.*.*.>`,
];

/** The rights to read a durable consumer that is there. */
export const read = (stream: string, consumer: string) => [
  info(stream),
  `$JS.API.CONSUMER.INFO.${stream}.${consumer}`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
  ...acknowledge(stream, consumer),
];

/** The client makes a durable consumer with a list of subjects by the first of these. */
export const make = (stream: string, consumer: string) => [
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`,
  `$JS.API.CONSUMER.CREATE.${stream}.${consumer}`,
  `$JS.API.CONSUMER.DELETE.${stream}.${consumer}`,
];
