import { Agent as HttpAgent, request as requestByHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { reasonOf } from '../component.ts';
import {
  readDestination,
  resolveDestination,
  type DestinationRules,
  type Resolve,
  type ResolvedAddress,
} from './destination.ts';

/** A call to a server that belongs to others. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the call when it is aborted. */
  readonly signal: AbortSignal;
}

/** The answer of the server. */
export interface PostAnswer {
  readonly status: number;
  /** The header `retry-after`, as it came. */
  readonly retryAfter: string | undefined;
}

/** The limits of a call. */
export interface PostLimits {
  /** Milliseconds until there is a connection, with TLS; the resolving of the name counts. */
  readonly connectWithin: number;
  /** Milliseconds for the whole call. */
  readonly answerWithin: number;
  /** Bytes that are read of the answer's body, which is thrown away. */
  readonly mostRead: number;
}

/** A call takes less than the minute after which the base gives its message to another attempt. */
const usual: PostLimits = { connectWithin: 5_000, answerWithin: 15_000, mostRead: 16 * 1_024 };

const largestHeader = 16 * 1_024;

/**
 * Calls a server that belongs to others. Rejects when it gave no answer that can be read; the message says why, and
 * quotes no part of the URL but its host.
 */
export type SendPost = (post: Post) => Promise<PostAnswer>;

/** `resolve` and `certificates` take the place of DNS and of the usual authorities. */
export interface PostOptions {
  readonly rules: DestinationRules;
  readonly limits?: Partial<PostLimits>;
  readonly resolve?: Resolve;
  readonly certificates?: string;
}

/**
 * Makes calls on a connection of their own each: the destination is checked anew, and connected to at one of the very
 * addresses that were checked, whatever its name stands for a moment later. Redirects are not followed, and no proxy of
 * the environment is used. The status decides, however the body goes on.
 */
export const createPost =
  ({ rules, resolve, certificates, limits = {} }: PostOptions): SendPost =>
  async (post) => {
    const { connectWithin, answerWithin, mostRead } = { ...usual, ...limits };
    const ending = endingWith(post.signal);
    const whole = ending.after(answerWithin, `It gave no answer within ${answerWithin / 1_000} seconds.`);
    const connecting = ending.after(connectWithin, `It could not be reached within ${connectWithin / 1_000} seconds.`);
    let request: ClientRequest | undefined;
    try {
      const url = readDestination(post.url, rules);
      const addresses = await ending.or(resolveDestination(url, rules, resolve));
      request = open(url, post, { addresses, certificates });
      whenConnected(request, url, () => clearTimeout(connecting));
      const answer = await ending.or(answerTo(request, post.body));
      await ending.or(drained(answer, mostRead)).catch(() => undefined);
      return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] };
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    } finally {
      for (const timer of [whole, connecting]) clearTimeout(timer);
      request?.destroy();
    }
  };

/** Rejects what it is given when time is over, or when the signal is aborted. */
function endingWith(signal: AbortSignal) {
  const late = new AbortController();
  const either = AbortSignal.any([signal, late.signal]);
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(either.reason as Error);
    if (either.aborted) end();
    else either.addEventListener('abort', end, { once: true });
  });
  ended.catch(() => undefined); // it may come when nothing waits for it any more
  return {
    or: <Result>(work: Promise<Result>): Promise<Result> => Promise.race([work, ended]),
    after: (milliseconds: number, problem: string) => setTimeout(() => late.abort(new Error(problem)), milliseconds),
  };
}

interface Connecting {
  readonly addresses: readonly ResolvedAddress[];
  readonly certificates: string | undefined;
}

function open(url: URL, { headers, body }: Post, { addresses, certificates: ca }: Connecting): ClientRequest {
  const options = {
    protocol: url.protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    lookup: pinned(addresses),
    maxHeaderSize: largestHeader,
  };
  if (url.protocol === 'http:') return requestByHttp({ ...options, agent: new HttpAgent({ keepAlive: false }) });
  const agent = new HttpsAgent({ keepAlive: false, rejectUnauthorized: true, ...(ca ? { ca } : {}) });
  return requestByHttps({ ...options, agent });
}

/** Answers with the addresses that were checked, to every question. */
const pinned =
  (addresses: readonly ResolvedAddress[]): LookupFunction =>
  (_, { all }, done) => {
    const [first] = addresses;
    if (all || !first) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };

const whenConnected = (request: ClientRequest, { protocol }: URL, then: () => void): void =>
  void request.once('socket', (socket) => socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', then));

/** Sends the body, and resolves when the answer's headers are there. */
const answerTo = (request: ClientRequest, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.once('close', () => reject(new Error('It closed the connection without an answer.')));
    request.end(body);
  });

/** Reads and throws away, up to so many bytes. */
async function drained(answer: IncomingMessage, most: number): Promise<void> {
  let read = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    read += chunk.byteLength;
    if (read >= most) return;
  }
}
