import CRdKafka

/// Something the Kafka client or a broker refused or could not do.
///
/// `description` is fit for a log or a terminal: it holds no password and no bytes of any record.
package struct KafkaError: Error, Hashable, Sendable {
    /// What went wrong, as librdkafka or the broker numbers it.
    package var code: Code
    /// What was being done and what was answered.
    package var message: String
    /// The partition it is about, where there is one.
    package var topicPartition: TopicPartition?
    /// Whether this client instance is of no more use: only closing it and making another one helps.
    package var isFatal: Bool
    /// Whether the same call may succeed later with nothing changed.
    package var isRetriable: Bool

    /// Makes an error; where `isRetriable` is not told, the code decides.
    package init(_ code: Code, _ message: String, topicPartition: TopicPartition? = nil, isFatal: Bool = false, isRetriable: Bool? = nil) {
        self.code = code
        self.message = message
        self.topicPartition = topicPartition
        self.isFatal = isFatal
        self.isRetriable = isRetriable ?? code.isTransient
    }
}

extension KafkaError: CustomStringConvertible {
    /// One sentence or two: what, where, the code's name, and what to do about it.
    package var description: String {
        var text = message
        if let topicPartition { text += " (\(topicPartition))" }
        text += " [\(code.name)]"
        if let advice = code.advice { text += ". \(advice)" }
        return text
    }
}
