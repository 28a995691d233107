package import Diagnostics
package import Kafka

/// What the service, or an adapter in front of it, says of its exports: a native event on a topic of its own.
package struct ServiceNotice: Sendable {
    /// Which kind of evidence it is, each of which can be kept away from the log.
    package enum Evidence: Sendable {
        /// What happened to exports and destinations.
        case timeline
        /// What destinations have.
        case receipts
    }

    /// The kind of evidence.
    package let evidence: Evidence
    /// Whose export it is about.
    package let tenant: String
    /// When.
    package let time: Timestamp
    /// The event's type behind `dev.hindcast.export.`.
    package let type: String
    /// The event's data, as a JSON object's text.
    package let data: String

    /// The record: a structured CloudEvent that says itself whose it is.
    package func record(topic: String, number: Int) -> ProducerRecord {
        let value = """
            {"specversion":"1.0","id":"\(number)","source":"/simulated/service","tenant":"\(tenant)","type":"dev.hindcast.export.\(type)",\
            "time":"\(time.rfc3339)","data":\(data)}
            """
        return ProducerRecord(
            topic: topic, partition: 0, value: Array(value.utf8),
            headers: [ProducerHeader("content-type", Array("application/cloudevents+json".utf8))], timestamp: time.microseconds / 1000)
    }
}
