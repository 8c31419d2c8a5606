# python producer.py FILE: puts one event, a CloudEvent as JSON, into the customer-event queue. Needs "pip install nats-py".
import asyncio, json, os, sys
import nats


async def main():
    event = json.load(open(sys.argv[1], encoding="utf-8"))
    body = json.dumps(event["data"]).encode()
    headers = {f"ce-{name}": event[name] for name in ("specversion", "id", "source", "type", "time")}
    headers["ce-partitionkey"] = event["data"]["customerId"]  # events of one customer keep their order
    headers["ce-datacontenttype"] = "application/json"
    connection = await nats.connect(
        os.environ.get("NATS_URL", "nats://127.0.0.1:4222"),
        inbox_prefix=os.environ.get("NATS_INBOX_PREFIX", "_INBOX"),  # a user hears only an inbox of its own
    )
    kept = await connection.jetstream().publish(f"customer.event.{event['type']}", body, headers=headers)
    print(f"kept as {kept.seq}")  # only now is it the queue's; without this line, send it again
    await connection.close()


asyncio.run(main())
