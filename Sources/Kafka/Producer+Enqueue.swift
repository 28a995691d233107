import CRdKafka

extension Producer {
    /// Hands one record to the client library, which copies its bytes; nil when it took it.
    func enqueue(
        _ topic: OpaquePointer, _ partition: Int32?, _ key: RawSpan?, _ value: RawSpan?, _ headers: [ProducerHeader], _ timestamp: Int64?,
        _ id: UInt64
    ) -> KafkaError? {
        let list = unsafe headers.isEmpty ? nil : Self.makeHeaders(headers)
        let error = unsafe withBytes(key) { key, keyCount in
            unsafe withBytes(value) { value, valueCount in
                unsafe withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 8) { units in
                    var count = 0
                    func add(_ type: rd_kafka_vtype_t, _ fill: (inout rd_kafka_vu_t) -> Void) {
                        var unit = unsafe rd_kafka_vu_t()
                        unsafe unit.vtype = type
                        unsafe fill(&unit)
                        unsafe units.initializeElement(at: count, to: unit)
                        count += 1
                    }
                    unsafe add(RD_KAFKA_VTYPE_RKT) { unit in unsafe unit.u.rkt = topic }
                    unsafe add(RD_KAFKA_VTYPE_PARTITION) { unit in unsafe unit.u.i32 = partition ?? RD_KAFKA_PARTITION_UA }
                    unsafe add(RD_KAFKA_VTYPE_MSGFLAGS) { unit in unsafe unit.u.i = RD_KAFKA_MSG_F_COPY }
                    unsafe add(RD_KAFKA_VTYPE_OPAQUE) { unit in unsafe unit.u.ptr = UnsafeMutableRawPointer(bitPattern: UInt(id)) }
                    unsafe add(RD_KAFKA_VTYPE_KEY) { unit in
                        unsafe unit.u.mem.ptr = key
                        unsafe unit.u.mem.size = keyCount
                    }
                    unsafe add(RD_KAFKA_VTYPE_VALUE) { unit in
                        unsafe unit.u.mem.ptr = value
                        unsafe unit.u.mem.size = valueCount
                    }
                    if let timestamp { unsafe add(RD_KAFKA_VTYPE_TIMESTAMP) { unit in unsafe unit.u.i64 = timestamp } }
                    if let list = unsafe list { unsafe add(RD_KAFKA_VTYPE_HEADERS) { unit in unsafe unit.u.headers = list } }
                    return unsafe KafkaError.consuming(
                        rd_kafka_produceva(client.handle, units.baseAddress, count), "the client library refused the record")
                }
            }
        }
        // On success the record owns its headers.
        if error != nil, let list = unsafe list { unsafe rd_kafka_headers_destroy(list) }
        return error
    }

    private static func makeHeaders(_ headers: [ProducerHeader]) -> OpaquePointer? {
        guard let list = unsafe rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            unsafe withBytes(header.value?.span.bytes) { value, count in
                _ = unsafe rd_kafka_header_add(list, header.name, -1, value, count)
            }
        }
        return unsafe list
    }
}

/// Shows a span to C: nil as a null pointer, an empty one as a pointer that is not null, for Kafka tells them apart.
private func withBytes<Result>(_ span: RawSpan?, _ body: (UnsafeMutableRawPointer?, Int) -> Result) -> Result {
    guard let span else { return body(nil, 0) }
    return unsafe span.withUnsafeBytes { bytes in
        if span.byteCount > 0, let base = bytes.baseAddress { return unsafe body(UnsafeMutableRawPointer(mutating: base), bytes.count) }
        var nothing: UInt8 = 0
        return unsafe withUnsafeMutablePointer(to: &nothing) { unsafe body(UnsafeMutableRawPointer($0), 0) }
    }
}

extension ClientConfiguration {
    /// Has every record's fate counted and reported.
    func installDeliveryReports() {
        unsafe rd_kafka_conf_set_dr_msg_cb(pointer) { handle, message, _ in
            guard let context = unsafe ClientContext.of(handle), let message = unsafe message else { return }
            let code = unsafe message.pointee.err
            let partition = unsafe message.pointee.partition
            var failure: KafkaError?
            if code == RD_KAFKA_RESP_ERR_NO_ERROR {
                context.deliveries.delivered += 1
            } else {
                context.deliveries.failed += 1
                let topic = unsafe rd_kafka_topic_name(message.pointee.rkt).map { unsafe String(cString: $0) } ?? ""
                let code = KafkaError.Code(code)
                failure = KafkaError(
                    code, "A record was not delivered to \(topic): \(code.reason)",
                    topicPartition: partition >= 0 ? TopicPartition(topic: topic, partition: partition) : nil)
                if context.firstFailure == nil { context.firstFailure = failure }
            }
            guard let onDelivery = context.onDelivery else { return }
            let offset = unsafe message.pointee.offset
            let persistence: DeliveryReport.Persistence =
                switch unsafe rd_kafka_message_status(message) {
                case RD_KAFKA_MSG_STATUS_PERSISTED: .persisted
                case RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED: .possiblyPersisted
                default: .notPersisted
                }
            onDelivery(
                DeliveryReport(
                    id: UInt64(UInt(bitPattern: unsafe message.pointee._private)), partition: partition, offset: offset >= 0 ? offset : nil,
                    error: failure, persistence: persistence))
        }
    }
}
