import CRdKafka

/// Owns one `rd_kafka_conf_t` until a client takes it over.
@safe struct ClientConfiguration: ~Copyable {
    let pointer: OpaquePointer

    /// Fills a configuration: the module's defaults, then what the settings say.
    ///
    /// - Parameters:
    ///   - defaults: properties that must be known; the settings win over them.
    ///   - wishes: properties that only newer libraries know; an unknown one is left out.
    init(_ settings: KafkaSettings, defaults: [String: String], wishes: [String: String] = [:]) throws(KafkaError) {
        unsafe pointer = rd_kafka_conf_new()
        for (key, value) in wishes where settings.properties[key] == nil {
            _ = unsafe rd_kafka_conf_set(pointer, key, value, nil, 0)
        }
        for (key, value) in defaults where settings.properties[key] == nil { try set(key, value) }
        // In the order of names, so that the same mistake gives the same error.
        for (key, value) in settings.properties.sorted(by: { $0.key < $1.key }) { try set(key, value) }
        try set("bootstrap.servers", settings.bootstrapServers)
    }

    deinit { unsafe rd_kafka_conf_destroy(pointer) }

    /// Sets one property.
    ///
    /// - Throws: `.invalidArgument`, naming the property and librdkafka's reason, and the value of a property that librdkafka knows and that is no secret. A
    ///   name that it does not know may be a misspelled secret's, such as `sasl.pasword` or another client's `sasl.jaas`.
    func set(_ key: String, _ value: String) throws(KafkaError) {
        var result = RD_KAFKA_CONF_OK
        let reason = unsafe withErrorBuffer { buffer, size in
            result = unsafe rd_kafka_conf_set(pointer, key, value, buffer, size)
        }
        guard result != RD_KAFKA_CONF_OK else { return }
        if result == RD_KAFKA_CONF_UNKNOWN {
            throw KafkaError(
                .invalidArgument, "Cannot set the Kafka property \(key): it is unknown to librdkafka \(KafkaLibrary.version): \(reason)")
        }
        // librdkafka repeats the value in its reason.
        let what =
            KafkaSettings.isSecret(key)
            ? "\(key)=***: the value is not accepted (not shown, since it is a secret)" : "\(key)=\(value): \"\(value)\" is not accepted: \(reason)"
        throw KafkaError(.invalidArgument, "Cannot set the Kafka property \(what)")
    }

    /// Gives the configuration away: after this, who called it destroys it or hands it to `rd_kafka_new`.
    consuming func release() -> OpaquePointer {
        let released = unsafe pointer
        discard self
        return unsafe released
    }
}

/// The client library in use.
package enum KafkaLibrary {
    /// Its version as text, for example `2.0.2`.
    package static var version: String { unsafe String(cString: rd_kafka_version_str()) }

    /// Its version as a number that compares: `0xMMmmrrxx`.
    package static var versionNumber: Int { Int(rd_kafka_version()) }
}

/// Runs a call that writes a C string as its reason, and returns that text.
func withErrorBuffer(_ body: (UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        guard let base = buffer.baseAddress else { return "" }
        unsafe base.initialize(repeating: 0, count: 512)
        unsafe body(base, 512)
        return unsafe String(cString: base)
    }
}

extension KafkaError {
    /// Takes over librdkafka's error object: reads it and destroys it. Nil for nil.
    static func consuming(_ error: OpaquePointer?, _ doing: @autoclosure () -> String, topicPartition: TopicPartition? = nil) -> KafkaError? {
        guard let error = unsafe error else { return nil }
        defer { unsafe rd_kafka_error_destroy(error) }
        let code = unsafe Code(rd_kafka_error_code(error))
        let fatal = unsafe rd_kafka_error_is_fatal(error) != 0
        let retriable = unsafe rd_kafka_error_is_retriable(error) != 0
        let reason = unsafe String(cString: rd_kafka_error_string(error))
        return KafkaError(
            code, "\(doing()): \(reason)", topicPartition: topicPartition, isFatal: fatal, isRetriable: retriable || code.isTransient)
    }

    /// Throws unless the code says that all is well.
    static func check(_ response: rd_kafka_resp_err_t, _ doing: @autoclosure () -> String, topicPartition: TopicPartition? = nil) throws(KafkaError) {
        guard response != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        let code = Code(response)
        throw KafkaError(code, "\(doing()): \(code.reason)", topicPartition: topicPartition)
    }
}

extension Duration {
    /// Whole milliseconds for a C timeout, rounded up so that a short wait does not become a busy loop; never negative.
    var timeoutMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
