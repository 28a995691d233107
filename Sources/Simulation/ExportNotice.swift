import Diagnostics
import JSON
package import Kafka

/// What a service says of an export, ready to be produced: an event of our own types, about no device.
package struct ExportNotice: Sendable {
    /// The record's key: the export, so that what is said of one stays in order.
    package let key: [UInt8]
    /// The record's headers.
    package let headers: [ProducerHeader]
    /// The record's value: a CloudEvent.
    package let value: [UInt8]
}

extension PlannedExport {
    /// What the service says of it, in order.
    package var notices: [ExportNotice] {
        switch outage {
        case .switchedOff:
            return [notice("toggled", at: start, [("enabled", .bool(false))]), notice("toggled", at: end, [("enabled", .bool(true))])]
        case .refused:
            let refusal: [(String, JSONTree)] = [
                ("destination", .string(destinationID)), ("code", .string("Unauthorized")),
                ("message", .string("the identity may not send to this event hub")),
            ]
            return [
                notice("destination-failing", at: start, refusal),
                notice(
                    "destination-failed", at: Timestamp(microseconds: start.microseconds + Self.retries),
                    refusal + [("since", .string(start.rfc3339))]),
                notice("destination-recovered", at: end, [("destination", .string(destinationID))]),
            ]
        }
    }

    private func notice(_ type: String, at time: Timestamp, _ data: [(String, JSONTree)]) -> ExportNotice {
        let members = ([("export", .string(exportID))] + data).map { JSONTree.Member(key: $0.0, value: $0.1) }
        let event = JSONTree.object([
            "specversion": .string("1.0"), "id": .string("\(exportID)/\(type)/\(time.rfc3339)"), "source": .string("/adapters/export-monitor"),
            "type": .string("dev.hindcast.export.\(type)"), "time": .string(time.rfc3339), "data": .object(members),
        ])
        let content = ProducerHeader("content-type", Array("application/cloudevents+json; charset=utf-8".utf8))
        return ExportNotice(key: Array(exportID.utf8), headers: [content], value: MessageSubject.bytes(event))
    }
}
