import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { bidStream, type Bid } from './bid.ts';

/** Sends one bid, and resolves when the bidder knows that it counts. */
export type SendBid = (bid: Bid) => Promise<unknown>;

const patienceMs = 60_000;
const pauseMs = 20;

/** Sends again, unchanged, until it succeeds: a bidder without an answer does not know if the bid counts. */
async function untilSent(send: () => Promise<unknown>): Promise<unknown> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(pauseMs);
    }
  }
}

/** As an event: the bid is on disk in the queue. */
export const sendAsEvent = (broker: Broker): SendBid => {
  const encoder = new TextEncoder();
  return (bid) =>
    untilSent(() =>
      broker.publish({
        id: bid.id,
        subject: bidStream.subject,
        headers: {},
        data: encoder.encode(JSON.stringify(bid)),
      }),
    );
};

/** As a request over HTTP: the bid is booked. */
export function sendAsRequest(port: number, bidders: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: bidders });
  const post = (body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const options = { port, host: '127.0.0.1', method: 'POST', path: '/bids', agent, headers };
      const sent = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('error', reject);
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
      });
      sent.once('error', reject).end(body);
    });
  const send: SendBid = (bid) => untilSent(() => post(JSON.stringify(bid)));
  return { send, close: async () => agent.destroy() };
}
