import Diagnostics
import Exports
import JSON

/// A destination in memory: keeps every message that is sent to it, as a topic does, and can be read like one.
final class KeptDestination {
    /// A message as it came.
    struct Message: Equatable, Sendable {
        let id: String
        let offset: Int64
        let headers: [UInt8]
        let body: [UInt8]
    }

    var messages: [Message] = []

    /// Takes messages in, so many at most before they are counted.
    func delivery(chunkLimit: Int = 10) -> KeptDelivery { KeptDelivery(destination: self, chunkLimit: chunkLimit) }

    /// Hands them out.
    var reading: KeptReading { KeptReading(messages: messages) }
}

struct KeptDelivery: BackfillDelivery {
    let destination: KeptDestination
    let chunkLimit: Int

    mutating func deliver(_ chunk: borrowing BackfillChunk, isGoingOn: () -> Bool) throws(ExportJobError) {
        for message in chunk.messages {
            var headers: [UInt8] = []
            for header in BackfillIdentity.headers(id: message.id, exportID: "e", time: message.time, subject: message.device) {
                HeaderBytes.append(name: header.name.rawBytes, value: header.value.rawBytes, to: &headers)
            }
            destination.messages.append(
                KeptDestination.Message(id: message.id, offset: message.offset, headers: headers, body: Array(chunk.content[message.bytes])))
        }
    }
}

struct KeptReading: DestinationReading {
    let messages: [KeptDestination.Message]

    mutating func estimate() -> Int64 { Int64(messages.count) }

    mutating func read(_ body: (borrowing RecordView) -> Void) {
        for message in messages {
            body(
                RecordView(
                    key: nil, headers: message.headers.rawBytes, payload: message.body.rawBytes, brokerTime: ExportStory.time(40_000),
                    ingestTime: ExportStory.time(40_000)))
        }
    }
}
