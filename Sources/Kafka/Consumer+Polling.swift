import CRdKafka

extension Consumer {
    /// Takes the next record or event, waiting at most `timeout` for one.
    ///
    /// Has to be called at least every `max.poll.interval.ms` to stay in the group, also while nothing is being read.
    package func poll(timeout: Duration) -> ConsumerPoll { poll(milliseconds: timeout.timeoutMilliseconds) }

    /// Adds records to `batch` until it is full, nothing more comes, or something else than a record does.
    ///
    /// Waits at most `timeout` for the first record, and at most `linger` altogether for more once there is one; with a linger of zero it takes what is there.
    ///
    /// - Returns: the event that ended the batch; it happened after every record of the batch.
    package func poll(into batch: inout MessageBatch, timeout: Duration, linger: Duration = .zero) -> ConsumerEvent? {
        guard !batch.isFull else { return nil }
        switch poll(milliseconds: timeout.timeoutMilliseconds) {
        case .message(let message): batch.append(message)
        case .event(let event): return event
        case .nothing: return nil
        }
        // What is there is taken before the clock is read again.
        if let event = drain(into: &batch) { return event }
        guard linger > .zero else { return nil }
        let end = ContinuousClock.now + linger
        while !batch.isFull {
            switch poll(milliseconds: ContinuousClock.now.duration(to: end).timeoutMilliseconds) {
            case .message(let message): batch.append(message)
            case .event(let event): return event
            case .nothing: return nil
            }
            if let event = drain(into: &batch) { return event }
        }
        return nil
    }

    /// Takes what the queue holds already.
    private func drain(into batch: inout MessageBatch) -> ConsumerEvent? {
        while !batch.isFull {
            switch poll(milliseconds: 0) {
            case .message(let message): batch.append(message)
            case .event(let event): return event
            case .nothing: return nil
            }
        }
        return nil
    }

    private func poll(milliseconds: Int32) -> ConsumerPoll {
        if let unanswered { return .event(.rebalance(unanswered)) }
        if !client.context.events.isEmpty { return .event(nextEvent()) }
        guard client.isUsable else { return .event(.error(KafkaError(.wrongState, "The consumer is closed", isFatal: true))) }
        guard let pointer = unsafe rd_kafka_consumer_poll(client.handle, milliseconds) else {
            return client.context.events.isEmpty ? .nothing : .event(nextEvent())
        }
        guard unsafe pointer.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { return unsafe .event(event(consuming: pointer)) }
        let message = unsafe ConsumerMessage(pointer, topicIndex: topics.index(of: pointer.pointee.rkt))
        positions.set(message.topicIndex, message.partition, to: message.offset + 1)
        return .message(message)
    }

    private func nextEvent() -> ConsumerEvent {
        let event = client.context.events.removeFirst()
        if case .rebalance(let rebalance) = event { unanswered = rebalance }
        return event
    }

    /// Turns a message that carries an error into an event, and gives the message back.
    private func event(consuming pointer: UnsafeMutablePointer<rd_kafka_message_t>) -> ConsumerEvent {
        defer { unsafe rd_kafka_message_destroy(pointer) }
        let code = unsafe KafkaError.Code(pointer.pointee.err)
        let reason = unsafe rd_kafka_message_errstr(pointer).map { unsafe String(cString: $0) } ?? code.reason
        guard let topic = unsafe pointer.pointee.rkt else { return unsafe .error(Client.raised(client.handle, code, reason)) }
        let index = unsafe topics.index(of: topic)
        let partition = unsafe TopicPartition(topic: topics.names[index], partition: pointer.pointee.partition)
        let offset = unsafe pointer.pointee.offset
        switch code {
        case KafkaError.Code(RD_KAFKA_RESP_ERR__PARTITION_EOF):
            positions.set(index, partition.partition, to: offset)
            return .partitionEnd(partition, offset: offset)
        case .autoOffsetReset:
            let error = KafkaError(code, reason, topicPartition: partition, isRetriable: false)
            return .offsetOutOfRange(partition, offset: offset >= 0 ? offset : nil, error)
        default:
            return .error(KafkaError(code, reason, topicPartition: partition.partition >= 0 ? partition : nil))
        }
    }
}
