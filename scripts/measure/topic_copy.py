"""A plain copy of a Kafka topic into another one, partition by partition, by confluent-kafka: what a user would write who wants no more than the same messages
there. It reads until there is no more, sends without waiting, and waits for the broker's word on everything at the end; then prints what it did.

    topic_copy.py BOOTSTRAP SOURCE TARGET [BEFORE]

With BEFORE, milliseconds since 1970, only messages with an earlier time are copied.
"""
import json
import sys
import time

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

BATCH = 5000


def main(bootstrap, source, target, before=None):
    consumer = Consumer({
        "bootstrap.servers": bootstrap, "group.id": "copy", "enable.auto.commit": False, "isolation.level": "read_committed", "fetch.wait.max.ms": 20,
        # Asked for a partition's end, the independent broker names the beginning of its last batch.
        "enable.partition.eof": True,
    })
    lost = []
    producer = Producer({
        "bootstrap.servers": bootstrap, "linger.ms": 5, "queue.buffering.max.messages": 200_000, "delivery.report.only.error": True,
        "on_delivery": lambda error, message: lost.append(str(error)),
    })
    partitions = [TopicPartition(source, number, 0) for number in consumer.list_topics(source, 15).topics[source].partitions]
    left = {p.partition for p in partitions}
    consumer.assign(partitions)
    copied, read, began, began_at = 0, 0, None, None
    while left:
        for message in consumer.consume(BATCH, timeout=0.05):
            if message.error():
                if message.error().code() != KafkaError._PARTITION_EOF:
                    raise SystemExit(str(message.error()))
                left.discard(message.partition())
                continue
            if began is None:
                began, began_at = time.monotonic(), time.process_time()
            read += 1
            if before is None or message.timestamp()[1] < before:
                while True:
                    try:
                        producer.produce(target, message.value(), message.key(), message.partition(), headers=message.headers())
                        break
                    except BufferError:
                        producer.poll(0.01)
                copied += 1
        producer.poll(0)
    unsent = producer.flush(120)
    seconds, busy = time.monotonic() - began, time.process_time() - began_at
    consumer.close()
    if unsent or lost:
        raise SystemExit(f"{unsent or len(lost)} messages were not delivered: {lost[:1]}")
    print(json.dumps({"read": read, "copied": copied, "seconds": seconds, "busy_seconds": busy}))


if __name__ == "__main__":
    main(*sys.argv[1:4], *(int(argument) for argument in sys.argv[4:]))
