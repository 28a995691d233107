import Diagnostics
package import Logging
import Outbound
package import Postgres

/// Posts messages to an HTTP endpoint one by one: as CloudEvents in binary mode (HTTP binding §3.1), again with growing waits where that may help, and not where
/// the endpoint says that it does not.
package struct WebhookDelivery: ~Copyable, BackfillDelivery {
    /// How requests are made and made again.
    package struct Settings: Sendable {
        /// How long one request may take: less than a process may go without being heard of.
        package var timeout = Duration.seconds(20)
        /// How often a message is tried before the backfill stops.
        package var attempts = 10
        /// The waits between.
        package var backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(30))
        /// How long to rest before being heard of again.
        package var longestRest = Duration.seconds(10)
        /// The value of header `Authorization`; a secret, never shown.
        package var authorization: String?

        /// The defaults.
        package init() {}
    }

    private let exportID: String
    private let address: WebhookAddress
    private let secrets: TargetSecrets
    private let settings: Settings
    private let client: HTTPClient
    private let logger: Logger
    private let rest: (Duration) -> Void

    /// How many messages are posted before they are counted.
    package let chunkLimit = 200

    /// Posts to an address.
    ///
    /// - Parameter rest: waits; ends early where the process is asked to stop.
    /// - Throws: ``ExportJobError/Code/targetRefused`` where there is no way to send here.
    package init(
        address: WebhookAddress, exportID: String, settings: Settings = Settings(), logger: Logger, rest: @escaping (Duration) -> Void
    ) throws(ExportJobError) {
        do throws(OutboundError) {
            client = try HTTPClient(url: address.url, timeout: settings.timeout)
        } catch {
            throw ExportJobError(.targetRefused, error.message)
        }
        self.address = address
        self.exportID = exportID
        self.settings = settings
        self.logger = logger
        self.rest = rest
        secrets = TargetSecrets(address, authorization: settings.authorization)
    }

    /// Refuses credentials that could be read on the way, or that contradict each other.
    ///
    /// - Throws: ``ExportJobError/Code/requestInvalid``.
    package static func check(_ address: WebhookAddress, hasAuthorization: Bool) throws(ExportJobError) {
        if hasAuthorization, address.hasUser {
            throw ExportJobError(
                .requestInvalid,
                "The target \(address.text) has a user in its address, and --authorization-file says who asks too; leave one of them out.")
        }
        if hasAuthorization || address.hasUser, address.isOpen {
            throw ExportJobError(
                .requestInvalid,
                "The target \(address.text) is not encrypted, so whoever sees the network could read the credentials; expected https://…, or an address of this machine."
            )
        }
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
            let answer = client.post(body, headers: headers)
            switch answer.step {
            case .done: return
            case .stop:
                throw ExportJobError(
                    .targetRefused,
                    "\(address.text) \(told(answer)) to the event at offset \(offset), expected 2xx, and trying again would change nothing. Nothing of this chunk is counted. Correct the target or its credentials; the same command goes on from here."
                )
            case .retry(let wait):
                failures += 1
                guard failures < settings.attempts else {
                    throw ExportJobError(
                        .targetRefused,
                        "\(address.text) \(told(answer)) to the event at offset \(offset), \(failures) times, expected 2xx. Nothing of this chunk is counted; the same command goes on from here."
                    )
                }
                var pause = max(wait ?? .zero, settings.backoff.delay(afterFailures: failures, random: Double.random(in: 0..<1)))
                logger.info(
                    "Message not taken, trying again",
                    metadata: ["backfill.target": "\(address.text)", "backfill.answer": "\(told(answer))", "backfill.pause": "\(pause)"])
                while pause > .zero, isGoingOn() {
                    rest(min(pause, settings.longestRest))
                    pause -= settings.longestRest
                }
            }
        }
    }

    /// What an endpoint answered, with the beginning of what it says, and without secrets.
    private func told(_ answer: HTTPAnswer) -> String {
        guard case .status(let status, _, let body, let location) = answer else { return answer.text }
        if (300..<400).contains(status), let location {
            let place = (try? WebhookAddress(location)).map { secrets.masked($0.text) } ?? "elsewhere"
            return "\(answer.text), a redirection to \(place), which is not followed with events and credentials,"
        }
        let words = secrets.told(body.bytes, isCut: body.isCut)
        return words.isEmpty ? answer.text : "\(answer.text) (\"\(words)\")"
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
