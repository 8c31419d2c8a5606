# python ask.py QUESTION JSON [queue]: asks the shop over NATS, in either way. Needs "pip install nats-py".
import asyncio, json, os, sys, uuid
import nats, nats.errors


async def ask(connection, question, body, within=15):
    """By a temporary inbox: the library makes a reply subject for this question alone."""
    subject = f"orders.ask.{question}"
    try:
        return value_of(await connection.request(subject, json.dumps(body).encode(), timeout=within))
    except nats.errors.NoRespondersError:
        raise RuntimeError(f"Nobody serves {subject} at the moment: ask again later, unchanged.") from None
    except (nats.errors.TimeoutError, asyncio.TimeoutError):
        raise RuntimeError(f"{subject} was not answered in time: ask again, unchanged.") from None


class ReplyQueue:
    """By a shared reply queue: every question names one reply subject, and its correlation id says whose answer it is."""

    @classmethod
    async def open(cls, connection, reply_to=None):
        self = cls()
        self.connection, self.waiting = connection, {}
        self.reply_to = reply_to or connection.new_inbox()
        await connection.subscribe(self.reply_to, cb=self.take)
        return self

    async def take(self, reply):
        headers = reply.headers or {}
        for key, (subject, answer) in list(self.waiting.items()):
            if key == headers.get("correlation-id"):  # any other is late, or another asker's
                answer.done() or answer.set_result(reply)
            elif headers.get("Status") == "503" and headers.get("Nats-Subject") == subject:  # without correlation id
                error = RuntimeError(f"Nobody serves {subject} at the moment: ask again later, unchanged.")
                answer.done() or answer.set_exception(error)

    async def ask(self, question, body, within=15):
        key, subject = str(uuid.uuid4()), f"orders.ask.{question}"
        self.waiting[key] = subject, asyncio.get_running_loop().create_future()
        try:
            headers = {"correlation-id": key}
            await self.connection.publish(subject, json.dumps(body).encode(), reply=self.reply_to, headers=headers)
            return value_of(await asyncio.wait_for(self.waiting[key][1], within))
        except asyncio.TimeoutError:
            raise RuntimeError(f"{subject} was not answered in time: ask again, unchanged.") from None
        finally:
            del self.waiting[key]


def value_of(reply):
    answer = json.loads(reply.data)
    if "error" in answer:
        raise RuntimeError(json.dumps(answer["error"]))  # kind, message, and type or problems if it has any
    return answer


async def main(question, body, way="inbox"):
    connection = await nats.connect(
        os.environ.get("NATS_URL", "nats://127.0.0.1:4222"),
        inbox_prefix=os.environ.get("NATS_INBOX_PREFIX", "_INBOX"),  # a user hears only an inbox of its own
    )
    try:
        queue = await ReplyQueue.open(connection) if way == "queue" else None
        asking = queue.ask(question, json.loads(body)) if queue else ask(connection, question, json.loads(body))
        print(json.dumps(await asking))
    except RuntimeError as error:
        sys.exit(str(error))
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
