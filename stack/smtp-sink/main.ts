import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { openJournal } from '../journal.ts';
import { publisherAs } from '../publish-as.ts';
import { answer, openJsonServer, serve, standInArguments } from '../stand-in.ts';
import { encodeEvent } from '../../broker-bridge/intake/encode-event.ts';
import { createBouncer } from './bounces.ts';
import { mailReader, type SinkEntry } from './mails.ts';

const { port, httpPort, folder } = standInArguments(process.argv.slice(2));
const journal = await openJournal<SinkEntry>(folder);
const mails = mailReader(journal);

const nats = publisherAs('mail-server');
const bouncer = createBouncer({
  journal,
  publish: (event) => nats.publish(encodeEvent(event)),
  onFailure: (error) => console.error('A bounce could not be told; trying again:', error),
});

/** The envelope and the content, once the sender has sent all of it. */
async function receive(content: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of content as AsyncIterable<Buffer>) if (!content.sizeExceeded) chunks.push(chunk);
  if (content.sizeExceeded) throw Object.assign(new Error('The mail is larger than 1 MB.'), { responseCode: 552 });
  const from = envelope.mailFrom ? envelope.mailFrom.address : '';
  const to = envelope.rcptTo.map(({ address }) => address);
  const raw = Buffer.concat(chunks).toString('latin1');
  await journal.append({ type: 'mail', at: new Date().toISOString(), from, to, raw });
  void bouncer.wake();
}

async function callBack(work: Promise<void>, done: (error?: Error) => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    return done(error as Error);
  }
  done();
}

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  size: 1_000_000,
  // The sender hears "accepted" only when the mail is on disk.
  onData: (stream, session, done) => void callBack(receive(stream, session), done),
});
smtp.on('error', (error) => console.error(error));
await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve));

/** A Message-ID with or without its angle brackets. */
const bare = (messageId: string): string => messageId.replace(/^<|>$/g, '');

const app = openJsonServer();

app.get('/mails', mails);
app.get<{ Params: { messageId: string } }>('/mails/:messageId', async ({ params }, reply) => {
  const mail = (await mails()).find(({ messageId }) => bare(messageId) === bare(params.messageId));
  return mail ?? answer(reply, { status: 404, body: { error: 'There is no such mail.' } });
});
app.get('/ledger', () => journal.entries);

void bouncer.wake(); // of what came in before a crash
await serve(app, httpPort, async () => {
  await new Promise<void>((resolve) => smtp.close(resolve));
  await nats.close();
  await journal.close();
});
