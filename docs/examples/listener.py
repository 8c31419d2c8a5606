# python listener.py NAME FACT [COUNT]: prints facts, each once, and goes on where it was. Needs "pip install nats-py".
import asyncio, json, os, sys
from urllib.parse import unquote
import nats
from nats.errors import TimeoutError
from nats.js.api import ConsumerConfig


async def main(name, fact, count=None):
    connection = await nats.connect(
        os.environ.get("NATS_URL", "nats://127.0.0.1:4222"),
        inbox_prefix=os.environ.get("NATS_INBOX_PREFIX", "_INBOX"),  # a user hears only an inbox of its own
    )
    stream = connection.jetstream()
    wanted = ConsumerConfig(durable_name=name, filter_subject=f"*.fact.{fact}.*")  # remembers what was acknowledged
    consumer = await stream.pull_subscribe("", stream="FACTS", durable=name, config=wanted)
    seen = {}  # keep this where your effect is, in one transaction: then each fact has its effect once
    while count is None or count > 0:
        try:
            messages = await consumer.fetch(10 if count is None else min(10, count), timeout=5)
        except TimeoutError:
            continue  # nothing new
        for message in messages:
            header = {key: unquote(value) for key, value in message.headers.items() if key.startswith("ce-")}
            place = (int(header["ce-keyepoch"]), int(header["ce-keysequence"]))
            if place > seen.get(header["ce-partitionkey"], (0, 0)):
                seen[header["ce-partitionkey"]] = place
                print(header["ce-type"], header["ce-partitionkey"], place[1], json.loads(message.data), flush=True)
                count = None if count is None else count - 1
            await message.ack()
    await connection.close()


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None))
