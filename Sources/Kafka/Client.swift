import CRdKafka
import Logging

/// How closing a client ended.
package enum CloseOutcome: Hashable, Sendable {
    /// Everything was given back.
    case closed
    /// The client library did not return in time. Its handle and a thread are abandoned; the process can go on, and end, but should end soon.
    case timedOut
}

/// Owns one `rd_kafka_t`, and the context its callbacks use.
///
/// Order of destruction: the handle first, then the context (`ClientContext`), on whichever thread destroys.
@safe final class Client {
    let handle: OpaquePointer
    let context: ClientContext
    private let kind: rd_kafka_type_t
    private var isOpen = true

    /// Takes the configuration over and starts the client library's threads. Does not wait for a broker.
    init(_ kind: rd_kafka_type_t, _ configuration: consuming ClientConfiguration, _ context: ClientContext) throws(KafkaError) {
        let retained = unsafe Unmanaged.passRetained(context)
        unsafe configuration.install(retained)
        let raw = unsafe configuration.release()
        var made: OpaquePointer?
        let reason = unsafe withErrorBuffer { buffer, size in
            unsafe made = rd_kafka_new(kind, raw, buffer, size)
        }
        guard let handle = unsafe made else {
            unsafe rd_kafka_conf_destroy(raw)
            unsafe retained.release()
            throw KafkaError(.invalidArgument, "Cannot make a Kafka client of these settings: \(reason)")
        }
        unsafe self.handle = handle
        self.kind = kind
        self.context = context
    }

    /// Whether `close` has not been called.
    var isUsable: Bool { isOpen }

    /// Closes and destroys the handle. Every message and queue taken from it must have been given back before.
    func close(within limit: Duration) -> CloseOutcome {
        guard isOpen else { return .closed }
        isOpen = false
        context.isClosing = true
        context.onStatistics = nil
        context.onDelivery = nil
        let handle = unsafe AbandonableHandle(pointer: handle)
        let isConsumer = kind == RD_KAFKA_CONSUMER
        let context = unsafe Unmanaged.passUnretained(context)
        let release = unsafe RetainedContext(reference: context)
        let finished = Deadline.run(within: limit) {
            if isConsumer { unsafe _ = rd_kafka_consumer_close(handle.pointer) }
            unsafe rd_kafka_destroy(handle.pointer)
            unsafe release.reference.release()
        }
        return finished ? .closed : .timedOut
    }

    deinit { _ = close(within: .seconds(5)) }

    /// The error librdkafka raised, or, where it raised "fatal", the error behind it.
    static func raised(_ handle: OpaquePointer?, _ code: KafkaError.Code, _ reason: String) -> KafkaError {
        guard code == .fatal else { return KafkaError(code, reason) }
        var cause = RD_KAFKA_RESP_ERR_NO_ERROR
        let text = unsafe withErrorBuffer { buffer, size in unsafe cause = rd_kafka_fatal_error(handle, buffer, size) }
        return KafkaError(KafkaError.Code(cause), "The Kafka client failed for good: \(text)", isFatal: true)
    }
}

/// Lets a handle cross to the thread that destroys it; the owner does not use it after that.
@safe private struct AbandonableHandle: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Lets the reference that the C library holds cross to the thread that destroys, which gives it back.
@safe private struct RetainedContext: @unchecked Sendable {
    let reference: Unmanaged<ClientContext>
}

extension Client {
    /// The cluster's id as its brokers report it; nil when none answered in time or the broker has none.
    func clusterID(timeout: Duration) -> String? {
        guard let text = unsafe rd_kafka_clusterid(handle, timeout.timeoutMilliseconds) else { return nil }
        defer { unsafe rd_kafka_mem_free(handle, text) }
        return unsafe String(cString: text)
    }
}
