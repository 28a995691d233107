"""The Python program that a user would write in place of `hindcast ingest`: confluent-kafka, psycopg's binary COPY into one table without an index and with a
jsonb body, and the offsets in the same transaction, so that it is exactly-once too. It reads to the end of the topic, then prints what it did.

    peer.py CONNINFO BOOTSTRAP TOPIC EVENTS
"""
import json
import sys
import time
from datetime import datetime, timezone

import psycopg
from confluent_kafka import Consumer, TopicPartition
from psycopg.types.json import set_json_dumps

BATCH = 5000


def main(conninfo, bootstrap, topic, events):
    set_json_dumps(lambda text: text)  # bodies are JSON already
    connection = psycopg.connect(conninfo)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS peer_event (partition int, source_offset bigint, at timestamptz, key bytea, headers jsonb, body jsonb)")
    connection.execute("CREATE TABLE IF NOT EXISTS peer_offset (partition int PRIMARY KEY, next_offset bigint NOT NULL)")
    connection.commit()
    consumer = Consumer({
        "bootstrap.servers": bootstrap, "group.id": "peer", "enable.auto.commit": False, "auto.offset.reset": "earliest",
        "session.timeout.ms": 6000, "isolation.level": "read_committed",
    })

    def assigned(consumer, partitions):
        stored = dict(connection.execute("SELECT partition, next_offset FROM peer_offset").fetchall())
        connection.commit()
        consumer.assign([TopicPartition(topic, p.partition, stored.get(p.partition, 0)) for p in partitions])

    consumer.subscribe([topic], on_assign=assigned)
    written, batches, began, began_at = 0, 0, None, None
    while written < events:
        messages = consumer.consume(BATCH, timeout=0.05)
        if not messages:
            continue
        if began is None:
            began, began_at = time.monotonic(), time.process_time()
        next_offsets = {}
        with connection.transaction(), connection.cursor() as cursor:
            copy_sql = "COPY peer_event (partition, source_offset, at, key, headers, body) FROM STDIN (FORMAT binary)"
            with cursor.copy(copy_sql) as copy:
                copy.set_types(["int4", "int8", "timestamptz", "bytea", "jsonb", "jsonb"])
                for message in messages:
                    if message.error():
                        raise SystemExit(str(message.error()))
                    headers = {name: value.decode() for name, value in message.headers() or []}
                    copy.write_row((
                        message.partition(), message.offset(), datetime.fromtimestamp(message.timestamp()[1] / 1000, timezone.utc), message.key(), json.dumps(headers),
                        message.value().decode()))
                    next_offsets[message.partition()] = message.offset() + 1
            cursor.executemany(
                "INSERT INTO peer_offset VALUES (%s, %s) ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset",
                list(next_offsets.items()))
        written += len(messages)
        batches += 1
    seconds = time.monotonic() - began
    busy = time.process_time() - began_at
    consumer.close()
    print(json.dumps({"events": written, "seconds": seconds, "busy_seconds": busy, "batches": batches}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
