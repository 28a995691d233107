import CRdKafka
import Logging

/// What librdkafka's callbacks of one client instance reach through their `opaque` pointer.
///
/// - Important: the client library holds it retained from before `rd_kafka_new` until after `rd_kafka_destroy`, whichever thread that runs on; if destroying hangs,
///   this object is leaked together with the handle.
///
/// `@unchecked Sendable`: `logger` is immutable and used from librdkafka's own threads; everything else is touched only inside calls that the owner of the client
/// makes, on the owner's thread, and, once `isClosing` is set, by the one thread that closes.
final class ClientContext: @unchecked Sendable {
    let logger: Logger
    /// Called with librdkafka's statistics, JSON text, on the thread that polls.
    var onStatistics: ((RawSpan) -> Void)?
    /// Called for each delivery report, on the thread that polls.
    var onDelivery: ((DeliveryReport) -> Void)?
    /// How many errors are kept for an owner that does not ask for them, as a producer's may not during a long outage; further ones are dropped.
    static let mostEvents = 100
    /// What callbacks saw, in order, until the poll that runs them hands it to the owner.
    var events: [ConsumerEvent] = []
    /// Set before the client is closed: from then on callbacks answer for themselves.
    var isClosing = false
    /// Records that were delivered, and that were not.
    var deliveries = DeliveryCounts()
    /// The first delivery failure since the producer's owner was last told of one.
    var firstFailure: KafkaError?

    init(logger: Logger) { self.logger = logger }

    /// Finds the context behind a client handle.
    static func of(_ handle: OpaquePointer?) -> ClientContext? {
        guard let handle = unsafe handle, let opaque = unsafe rd_kafka_opaque(handle) else { return nil }
        return unsafe Unmanaged<ClientContext>.fromOpaque(opaque).takeUnretainedValue()
    }
}

extension ClientConfiguration {
    /// Points the callbacks that every client has at the context.
    func install(_ context: Unmanaged<ClientContext>) {
        unsafe rd_kafka_conf_set_opaque(pointer, context.toOpaque())
        unsafe rd_kafka_conf_set_log_cb(pointer) { handle, level, facility, text in
            guard let context = unsafe ClientContext.of(handle), let text = unsafe text else { return }
            let facility = unsafe facility.map { unsafe String(cString: $0) } ?? ""
            unsafe context.logger.log(
                level: Logger.Level(syslog: level), "Kafka client library reported",
                metadata: ["kafka.facility": "\(facility)", "kafka.report": "\(String(cString: text))"])
        }
        unsafe rd_kafka_conf_set_error_cb(pointer) { handle, code, reason, _ in
            guard let context = unsafe ClientContext.of(handle), !context.isClosing, context.events.count < ClientContext.mostEvents else { return }
            let reason = unsafe reason.map { unsafe String(cString: $0) } ?? ""
            context.events.append(.error(unsafe Client.raised(handle, KafkaError.Code(rd_kafka_resp_err_t(rawValue: code)), reason)))
            unsafe rd_kafka_yield(handle)
        }
        unsafe rd_kafka_conf_set_stats_cb(pointer) { handle, text, count, _ in
            if let context = unsafe ClientContext.of(handle), !context.isClosing, let text = unsafe text, let onStatistics = context.onStatistics {
                unsafe onStatistics(RawSpan(_unsafeStart: UnsafeRawPointer(text), byteCount: count))
            }
            return 0  // librdkafka frees the text.
        }
    }
}

extension Logger.Level {
    /// librdkafka's levels are syslog's, 0 (emergency) to 7 (debug).
    init(syslog level: Int32) {
        self =
            switch level {
            case ...2: .critical
            case 3: .error
            case 4: .warning
            case 5: .notice
            case 6: .info
            default: .debug
            }
    }
}
