"""Reads a topic of the log and the destination of an export with another client than the program's, and says what a backfill left there. What an event's id and value
have to be is worked out from the topic, by what docs/exports.md says, and not from the database.

    given_back.py '{"bootstrap", "topic", "cluster", "life", "destination", "route": [tenant, export, destination], "missing_from": milliseconds, "missing_to"}'

An event of the topic was missing if its time lies there; the others may be at the destination as they are, and must not have been sent again.
"""
import hashlib
import json
import struct
import sys

from confluent_kafka import Consumer, KafkaError, TopicPartition

BATCH = 5000


def messages(bootstrap, topic):
    """Every message that the topic has now."""
    consumer = Consumer({
        "bootstrap.servers": bootstrap, "group.id": "given-back", "enable.auto.commit": False, "isolation.level": "read_committed", "fetch.wait.max.ms": 20,
        # Asked for a partition's end, the independent broker names the beginning of its last batch.
        "enable.partition.eof": True,
    })
    partitions = [TopicPartition(topic, number, 0) for number in consumer.list_topics(topic, 15).topics[topic].partitions]
    left = {p.partition for p in partitions}
    consumer.assign(partitions)
    while left:
        for message in consumer.consume(BATCH, timeout=0.05):
            if not message.error():
                yield message
            elif message.error().code() == KafkaError._PARTITION_EOF:
                left.discard(message.partition())
            else:
                raise SystemExit(str(message.error()))
    consumer.close()


def identity(asked):
    """What gives an event its id: SHA-256 over texts with their lengths, then partition, life and offset."""
    prefix = hashlib.sha256()
    for text in (asked["cluster"], asked["topic"], *asked["route"]):
        data = text.encode()
        prefix.update(struct.pack(">I", len(data)) + data)

    def of(partition, offset):
        digest = prefix.copy()
        digest.update(struct.pack(">iiq", partition, asked["life"], offset))
        return digest.hexdigest()[:32].encode()
    return of


def digest(value):
    return hashlib.sha256(value or b"").digest()[:12]


def main(asked):
    identify = identity(asked)
    missing, others, other_values = {}, set(), set()
    for message in messages(asked["bootstrap"], asked["topic"]):
        id = identify(message.partition(), message.offset())
        if asked["missing_from"] <= message.timestamp()[1] < asked["missing_to"]:
            missing[id] = digest(message.value())
        else:
            others.add(id)
            other_values.add(digest(message.value()))
    seen, counts = set(), dict.fromkeys(("messages", "repeats", "without_id", "not_missing", "unknown", "changed", "delivered_before"), 0)
    for message in messages(asked["bootstrap"], asked["destination"]):
        counts["messages"] += 1
        headers = dict(message.headers() or [])
        id = headers.get("ce_id")
        if id is None:
            counts["delivered_before" if digest(message.value()) in other_values else "without_id"] += 1
        elif id not in missing:
            counts["not_missing" if id in others else "unknown"] += 1
        else:
            counts["repeats"] += id in seen
            seen.add(id)
            counts["changed"] += digest(message.value()) != missing[id] or headers.get("ce_type") != b"dev.hindcast.backfill"
    print(json.dumps({**counts, "missing": len(missing), "given_back": len(seen), "not_given_back": len(missing) - len(seen)}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
