import Diagnostics
import Logging
import Outbound
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Exports

/// Messages that are posted to a real endpoint of this machine, whatever it answers. Nobody waits: how long a backfill would rest is written down.
@Suite struct WebhookDeliveryTests {
    /// What a delivery did, beside what the endpoint saw.
    final class Notes {
        var rests: [Duration] = []
        /// Asked to stop after so many rests.
        var patience = Int.max
        let log = LogLines()

        var isGoingOn: Bool { rests.count < patience }
    }

    private static let settings = {
        var settings = WebhookDelivery.Settings()
        settings.longestRest = .seconds(86_400)
        return settings
    }()

    /// Delivers two messages, of devices `pump-1` and `pümp "2"`.
    private func deliver(
        to endpoint: ScriptedEndpoint, _ notes: Notes = Notes(), settings: WebhookDelivery.Settings = Self.settings, user: String = "",
        path: String = "/hook"
    ) throws(ExportJobError) {
        try deliver("http://\(user)127.0.0.1:\(endpoint.port)\(path)", notes, settings: settings)
    }

    private func deliver(_ url: String, _ notes: Notes, settings: WebhookDelivery.Settings = Self.settings) throws(ExportJobError) {
        var delivery = try WebhookDelivery(
            address: WebhookAddress(url), exportID: "e 1", settings: settings, logger: notes.log.logger, rest: { notes.rests.append($0) })
        var chunk = BackfillChunk(source: 1, partition: 0, offsets: 7..<9)
        for (number, device) in ["pump-1", "pümp \"2\""].enumerated() {
            let start = chunk.content.count
            chunk.content += Array(#"{"device":\#(number)}"#.utf8)
            chunk.messages.append(
                BackfillMessage(
                    id: String(repeating: "\(number)", count: 32), offset: Int64(7 + number), time: Timestamp(microseconds: 1_795_435_200_000_000),
                    device: device, bytes: start..<chunk.content.count))
        }
        try delivery.deliver(chunk) { notes.isGoingOn }
    }

    /// The error of a delivery that has to fail.
    private func refusal(_ body: () throws(ExportJobError) -> Void) throws -> ExportJobError {
        do throws(ExportJobError) {
            try body()
        } catch {
            return error
        }
        throw NotRefused()
    }

    // MARK: - What is sent

    @Test func `each message is a CloudEvent in binary mode, with its id and its bytes`() throws {
        let endpoint = try ScriptedEndpoint(otherwise: .answer(200, body: "thank you"))
        let notes = Notes()
        try deliver(to: endpoint, notes, path: "/hook/a?code=1")
        let requests = endpoint.requests
        #expect(requests.map(\.method) == ["POST", "POST"])
        #expect(requests.map(\.target) == ["/hook/a?code=1", "/hook/a?code=1"])
        #expect(requests.map { String(decoding: $0.body, as: UTF8.self) } == [#"{"device":0}"#, #"{"device":1}"#])
        for (number, request) in requests.enumerated() {
            #expect(request["ce-specversion"] == "1.0")
            #expect(request["ce-id"] == String(repeating: "\(number)", count: 32))
            #expect(request["ce-source"] == "urn:hindcast:export:e%25201", "a percent sign of a URN is encoded once more, as the binding has it")
            #expect(request["ce-type"] == "dev.hindcast.backfill")
            #expect(request["ce-time"] == "2026-11-23T12:00:00Z")
            #expect(request["ce-subject"] == ["pump-1", "p%C3%BCmp%20%222%22"][number])
            #expect(request["content-type"] == "application/json")
            #expect(request["authorization"] == nil)
            #expect(!request.headers.contains { $0.name == "expect" || $0.name.hasPrefix("ce_") })
        }
        #expect(notes.rests == [])
    }

    @Test func `who asks is said by the file's value, or by the address`() throws {
        let endpoint = try ScriptedEndpoint()
        var settings = Self.settings
        settings.authorization = "Bearer c2VjcmV0"
        try deliver(to: endpoint, settings: settings)
        #expect(endpoint.requests.map { $0["authorization"] } == ["Bearer c2VjcmV0", "Bearer c2VjcmV0"])
        endpoint.begin([])
        try deliver(to: endpoint, user: "ada:p%40ss@")
        #expect(endpoint.requests.map { $0["authorization"] } == ["Basic YWRhOnBAc3M=", "Basic YWRhOnBAc3M="])
    }

    // MARK: - What may pass

    @Test(arguments: [ScriptedEndpoint.Act.answer(500), .answer(503, body: "later"), .answer(408), .close, .cut(200)])
    func `what may pass is tried again after a growing wait, under the same id`(act: ScriptedEndpoint.Act) throws {
        let endpoint = try ScriptedEndpoint([act, act, .answer(200, headers: ["Connection: close"]), act])
        let notes = Notes()
        try deliver(to: endpoint, notes)
        #expect(endpoint.requests.map { $0["ce-id"]?.first } == ["0", "0", "0", "1", "1"])
        #expect(Set(endpoint.requests.map(\.body)).count == 2)
        try #require(notes.rests.count == 3)
        // Half of a wait is chance; the second message begins anew.
        #expect((.milliseconds(250)...(.milliseconds(500))).contains(notes.rests[0]))
        #expect((.milliseconds(500)...(.seconds(1))).contains(notes.rests[1]))
        #expect((.milliseconds(250)...(.milliseconds(500))).contains(notes.rests[2]))
    }

    @Test func `an endpoint that never answers is given up when its time is over, and tried again`() throws {
        let endpoint = try ScriptedEndpoint([.silence])
        let notes = Notes()
        var settings = Self.settings
        settings.timeout = .milliseconds(150)
        try deliver(to: endpoint, notes, settings: settings)
        #expect(endpoint.requests.map { $0["ce-id"]?.first } == ["0", "0", "1"])
        #expect(notes.rests.count == 1)
    }

    @Test func `429 is tried again no sooner than the endpoint asks for, and by our own waits where it does not`() throws {
        let endpoint = try ScriptedEndpoint([
            .answer(429, headers: ["Retry-After: 7"]), .answer(429), .answer(204), .answer(503, headers: ["Retry-After: 86400"]),
        ])
        let notes = Notes()
        try deliver(to: endpoint, notes)
        try #require(notes.rests.count == 3)
        #expect(notes.rests[0] == .seconds(7))
        #expect((.milliseconds(500)...(.seconds(1))).contains(notes.rests[1]))
        #expect(notes.rests[2] == .seconds(3600), "nobody is asked to wait for more than an hour")
    }

    @Test func `an endpoint that goes on failing stops the backfill after ten tries`() throws {
        let endpoint = try ScriptedEndpoint(otherwise: .answer(503, body: "out of order"))
        let notes = Notes()
        let error = try refusal { () throws(ExportJobError) in try deliver(to: endpoint, notes) }
        #expect(error.code == .targetRefused)
        #expect(error.message.contains(#"answered 503 ("out of order") to the event at offset 7, 10 times"#), "\(error)")
        #expect(endpoint.requests.count == 10)
        #expect(notes.rests.count == 9)
        #expect(notes.rests.allSatisfy { $0 <= .seconds(30) })
    }

    @Test func `a port on which nobody listens stops it in the same way`() throws {
        let notes = Notes()
        let port = try ScriptedEndpoint.unusedPort()
        let error = try refusal { () throws(ExportJobError) in try deliver("http://127.0.0.1:\(port)/", notes) }
        #expect(error.code == .targetRefused)
        #expect(error.message.contains("did not answer") && error.message.contains("10 times"), "\(error)")
        #expect(notes.rests.count == 9)
    }

    @Test func `whoever is asked to stop while an endpoint fails stops at once`() throws {
        let endpoint = try ScriptedEndpoint(otherwise: .answer(500))
        let notes = Notes()
        notes.patience = 2
        let error = try refusal { () throws(ExportJobError) in try deliver(to: endpoint, notes) }
        #expect(error.code == .interrupted)
        #expect(endpoint.requests.count == 2)
    }

    @Test func `a long rest is cut, so that whoever waits is heard of`() throws {
        let endpoint = try ScriptedEndpoint([.answer(429, headers: ["Retry-After: 25"])])
        let notes = Notes()
        try deliver(to: endpoint, notes, settings: WebhookDelivery.Settings())
        #expect(notes.rests == [.seconds(10), .seconds(10), .seconds(5)])
    }

    // MARK: - What stays

    @Test(arguments: [400, 401, 403, 404, 410, 413, 422])
    func `4xx stops at once with the beginning of what the endpoint says`(status: Int) throws {
        let endpoint = try ScriptedEndpoint([.answer(204), .answer(status, body: "no such\r\n\tdevice: " + String(repeating: "x", count: 5000))])
        let notes = Notes()
        let error = try refusal { () throws(ExportJobError) in try deliver(to: endpoint, notes) }
        #expect(error.code == .targetRefused)
        #expect(error.message.contains(#"answered \#(status) ("no such device: xxx"#), "\(error)")
        #expect(error.message.contains("to the event at offset 8") && error.message.utf8.count < 700, "\(error)")
        #expect(endpoint.requests.count == 2)
        #expect(notes.rests == [])
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirection is not followed, and is told without its secrets`(status: Int) throws {
        let elsewhere = try ScriptedEndpoint()
        let location = "http://127.0.0.1:\(elsewhere.port)/there?code=hushhush"
        let endpoint = try ScriptedEndpoint(otherwise: .answer(status, headers: ["Location: \(location)"]))
        let error = try refusal { () throws(ExportJobError) in try deliver(to: endpoint) }
        #expect(error.code == .targetRefused)
        #expect(error.message.contains("answered \(status), a redirection to http://127.0.0.1:\(elsewhere.port)/there?…"), "\(error)")
        #expect(!error.message.contains("hushhush"))
        #expect(endpoint.requests.count == 1)
        #expect(elsewhere.requests.isEmpty)
    }

    @Test func `an answer without an end is an answer all the same`() throws {
        let endpoint = try ScriptedEndpoint([.endless(200), .endless(400)])
        let notes = Notes()
        let error = try refusal { () throws(ExportJobError) in try deliver(to: endpoint, notes) }
        #expect(error.message.contains(#"answered 400 ("all work and no play"#), "\(error)")
        #expect(endpoint.requests.map { $0["ce-id"]?.first } == ["0", "1"])
        #expect(notes.rests == [])
    }

    @Test func `what is no HTTP at all stops at once`() throws {
        let endpoint = try ScriptedEndpoint(otherwise: .text("SSH-2.0-OpenSSH_9.2\r\n"))
        let notes = Notes()
        let error = try refusal { () throws(ExportJobError) in try deliver(to: endpoint, notes) }
        #expect(error.code == .targetRefused)
        #expect(error.message.contains("did not answer"), "\(error)")
        #expect(endpoint.requests.count == 1)
        #expect(notes.rests == [])
    }

    // MARK: - Secrets

    @Test func `an endpoint that says what it was asked with gives no secret away`() throws {
        let endpoint = try ScriptedEndpoint()
        let notes = Notes()
        var settings = Self.settings
        for user in ["", "ada:hush%2Fhush@"] {
            endpoint.begin([.echo(503), .echo(403)])
            settings.authorization = user.isEmpty ? "Bearer tok3n-of-ada" : nil
            let error = try refusal { () throws(ExportJobError) in
                try deliver(to: endpoint, notes, settings: settings, user: user, path: "/hook?code=s3cr%2Bt&sig=Zm9vYmFy#frag")
            }
            for text in [error.message, "\(error)", notes.log.text] {
                #expect(text.contains("cannot take /hook?*****"), "\(text)")
                for secret in ["s3cr", "Zm9vYmFy", "tok3n", "hush", Self.basic, "frag"] { #expect(!text.contains(secret), "\(secret): \(text)") }
            }
            #expect(endpoint.requests.count == 2)
        }
        #expect(notes.log.text.contains("Message not taken"))
    }

    /// `ada:hush/hush` as it travels.
    private static let basic = "YWRhOmh1c2gvaHVzaA=="
}

/// A delivery that should have failed.
private struct NotRefused: Error {}

/// What was logged, as text.
final class LogLines: Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { [lines = self] _ in Handler(lines: lines) }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.lines.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" } }
    }
}
