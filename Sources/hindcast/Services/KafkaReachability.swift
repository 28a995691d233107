import Kafka
import Logging

/// Asks the cluster for its topics before anything else starts: a wrong address is better said at once than logged for ever.
enum KafkaReachability {
    /// - Throws: ``OperatorError`` where no broker answers, or a topic is not there.
    static func check(_ settings: KafkaSettings, topics: [String], logger: Logger) throws {
        let admin = try Admin(settings, logger: logger)
        defer { _ = admin.close() }
        for topic in topics.sorted() {
            do throws(KafkaError) {
                _ = try admin.topic(topic, timeout: .seconds(10))
            } catch {
                throw OperatorError(.broker, "Cannot read topic \"\(topic)\" from \(settings.bootstrapServers): \(error).")
            }
        }
    }
}
