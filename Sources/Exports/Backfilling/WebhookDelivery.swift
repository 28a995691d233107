import Diagnostics
import Outbound
package import Postgres

/// Posts messages to an HTTP endpoint one by one: as CloudEvents in binary mode (HTTP binding §3.1), again with growing waits where that may help, and not where
/// the endpoint says that it does not.
package struct WebhookDelivery: ~Copyable, BackfillDelivery {
    /// How requests are made and made again.
    package struct Settings: Sendable {
        /// How long one request may take.
        package var timeout = Duration.seconds(30)
        /// How often a message is tried before the backfill stops.
        package var attempts = 10
        /// The waits between.
        package var backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(30))
        /// The value of header `Authorization`; a secret, never shown.
        package var authorization: String?

        /// The defaults.
        package init() {}
    }

    private let exportID: String
    private let target: String
    private let settings: Settings
    private let post: (ArraySlice<UInt8>, [String]) -> HTTPAnswer
    private let rest: (Duration) -> Void

    /// How many messages are posted before they are counted.
    package let chunkLimit = 200

    /// Posts to an address.
    ///
    /// - Parameter rest: waits; ends early where the process is asked to stop.
    package init(
        url: String, target: String, exportID: String, settings: Settings = Settings(), rest: @escaping (Duration) -> Void
    ) throws(ExportJobError) {
        let client: HTTPClient
        do throws(OutboundError) {
            client = try HTTPClient(url: url, timeout: settings.timeout)
        } catch {
            throw ExportJobError(.targetRefused, error.message)
        }
        self.init(target: target, exportID: exportID, settings: settings, rest: rest) { client.post($0, headers: $1) }
    }

    /// Posts by a function.
    init(
        target: String, exportID: String, settings: Settings, rest: @escaping (Duration) -> Void,
        post: @escaping (ArraySlice<UInt8>, [String]) -> HTTPAnswer
    ) {
        self.target = target
        self.exportID = exportID
        self.settings = settings
        self.rest = rest
        self.post = post
    }

    package mutating func deliver(_ chunk: borrowing BackfillChunk, isGoingOn: () -> Bool) throws(ExportJobError) {
        for message in chunk.messages {
            try send(chunk.content[message.bytes], headers(of: message), offset: message.offset, isGoingOn: isGoingOn)
        }
    }

    private func headers(of message: BackfillMessage) -> [String] {
        var headers = BackfillIdentity.headers(id: message.id, exportID: exportID, time: message.time, subject: message.device).map {
            // On Kafka attributes begin with `ce_`, on HTTP with `ce-`.
            "\($0.name.hasPrefix("ce_") ? "ce-\($0.name.dropFirst(3))" : $0.name): \(Self.encoded($0.value))"
        }
        if let authorization = settings.authorization { headers.append("Authorization: \(authorization)") }
        return headers
    }

    private func send(_ body: ArraySlice<UInt8>, _ headers: [String], offset: Int64, isGoingOn: () -> Bool) throws(ExportJobError) {
        var failures = 0
        while true {
            guard isGoingOn() else { throw ExportJobError(.interrupted, "Interrupted; nothing is lost, and the same command goes on.") }
            let answer = post(body, headers)
            switch answer.step {
            case .done: return
            case .stop:
                throw ExportJobError(
                    .targetRefused,
                    "\(target) \(answer.text) to the event at offset \(offset), expected 2xx, and trying again would change nothing. Correct the target or its credentials; the same command goes on from here."
                )
            case .retry(let wait):
                failures += 1
                guard failures < settings.attempts else {
                    throw ExportJobError(
                        .targetRefused,
                        "\(target) \(answer.text) to the event at offset \(offset), \(failures) times, expected 2xx. The same command goes on from here."
                    )
                }
                rest(max(wait ?? .zero, settings.backoff.delay(afterFailures: failures, random: Double.random(in: 0..<1))))
            }
        }
    }

    /// A header's value: what is not printable ASCII, a double quote or a percent sign is percent-encoded (HTTP binding §3.1.3.2).
    private static func encoded(_ value: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var text = ""
        for byte in value.utf8 {
            if byte > 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x25 {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return text
    }
}
