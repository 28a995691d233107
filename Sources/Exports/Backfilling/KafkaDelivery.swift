import Diagnostics
package import Kafka
package import Logging
import Synchronization

/// Sends messages to a topic, and waits for the broker's word on each.
package struct KafkaDelivery: ~Copyable, BackfillDelivery {
    private let topic: String
    private let exportID: String
    private let producer: Producer

    /// How many messages are under way at most before their reports are waited for.
    package let chunkLimit = 5000

    /// Connects later: a broker that cannot be reached shows when the first chunk is delivered.
    package init(topic: String, exportID: String, settings: KafkaSettings, logger: Logger) throws(ExportJobError) {
        self.topic = topic
        self.exportID = exportID
        producer = try asking { () throws(KafkaError) in try Producer(settings, logger: logger) }
    }

    package mutating func deliver(_ chunk: borrowing BackfillChunk, isGoingOn: () -> Bool) throws(ExportJobError) {
        let (producer, topic, exportID) = (producer, topic, exportID)
        do throws(KafkaError) {
            for message in chunk.messages {
                let headers = BackfillIdentity.headers(id: message.id, exportID: exportID, time: message.time, subject: message.device)
                // No time of its own: a broker goes by it in what it keeps, and would soon drop what is old.
                try producer.produce(
                    ProducerRecord(
                        topic: topic, key: message.device.isEmpty ? nil : Array(message.device.utf8), value: Array(chunk.content[message.bytes]),
                        headers: headers.map { ProducerHeader($0.name, Array($0.value.utf8)) }))
            }
            try producer.flush(timeout: .seconds(120))
        } catch {
            // What is left would else be delivered, and counted, with a later chunk.
            producer.purge()
            throw ExportJobError(error)
        }
    }
}
