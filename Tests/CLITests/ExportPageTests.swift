import Foundation
import TestSupport
import Testing

/// The worked example of `docs/exports.md` is what the commands print, letter by letter: everything in it has one time and one place.
@Suite(.database) struct ExportPageTests {
    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/exports.md")
    private static let prompt = "$ hindcast "
    private static let statusMark = "  # exit status "

    /// What a command printed, and its exit status.
    private struct Answer {
        let status: Int32
        let lines: [String]
    }

    /// Runs commands as the reader would, `hindcast project` in between as it runs beside them.
    private struct Reader {
        let environment: [String: String]
        let directory: TemporaryDirectory
        /// The id of the gap that was listed last.
        var gap = ""

        func project() async throws {
            let outcome = try await Program.run(["project", "--exit-at-end"], environment: environment)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }

        mutating func run(_ command: String) async throws -> Answer {
            let arguments = command.split(separator: " ").map { String($0) }
            let outcome = try await Program.run(arguments, environment: environment, directory: directory.path)
            #expect(outcome.status < 2, "hindcast \(command): \(outcome.errors)")
            if arguments.starts(with: ["export", "gaps"]), let id = outcome.lines.last?.split(separator: " ").first, ExportPageTests.isID(id) {
                gap = String(id)
            }
            try await project()
            return Answer(status: outcome.status, lines: outcome.lines)
        }
    }

    /// Whether a word is a gap's id.
    private static func isID(_ word: Substring) -> Bool { word.count == 16 && word.allSatisfy(\.isHexDigit) }

    /// The page with what the commands print in the place of what it says they do.
    private static func renewed(_ text: String, _ reader: inout Reader) async throws -> String {
        let parts = text.components(separatedBy: "<!-- example:begin -->")
        let example = try #require(parts.last?.components(separatedBy: "<!-- example:end -->"))
        try #require(parts.count == 2 && example.count == 2)
        let blocks = example[0].components(separatedBy: "```")
        var written: [String] = []
        for (number, block) in blocks.enumerated() {
            if number % 2 == 1, block.hasPrefix("json\n") {
                try block.dropFirst(5).write(toFile: "\(reader.directory.path)/exports.json", atomically: true, encoding: .utf8)
            }
            let isSession = number % 2 == 1 && block.hasPrefix("\n\(prompt)")
            written.append(isSession ? try await session(block, &reader) : block)
        }
        return [parts[0], [written.joined(separator: "```"), example[1]].joined(separator: "<!-- example:end -->")]
            .joined(separator: "<!-- example:begin -->")
    }

    private static func session(_ block: String, _ reader: inout Reader) async throws -> String {
        var steps: [String] = []
        for line in block.split(separator: "\n") where line.hasPrefix(prompt) {
            let words = line.dropFirst(prompt.count).components(separatedBy: statusMark)[0].split(separator: " ").map { word in
                isID(word) ? reader.gap : String(word)
            }
            let command = words.joined(separator: " ")
            let answer = try await reader.run(command)
            steps.append(([prompt + command + (answer.status == 0 ? "" : statusMark + "\(answer.status)")] + answer.lines).joined(separator: "\n"))
        }
        return "\n" + steps.joined(separator: "\n\n") + "\n"
    }

    @Test func `the example is what the commands print`() async throws {
        let broker = try TestBroker(.embedded)
        try ExportedHour().prepare(broker)
        let servers = ["HINDCAST_KAFKA_BOOTSTRAP_SERVERS": broker.broker.bootstrapServers]
        var reader = Reader(environment: TestDatabase.environment.merging(servers) { $1 }, directory: try TemporaryDirectory())
        try await reader.project()
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let renewed = try await Self.renewed(text, &reader)
        if ProcessInfo.processInfo.environment["HINDCAST_RENEW_PAGES"] != nil { try renewed.write(to: Self.page, atomically: true, encoding: .utf8) }
        #expect(
            text == renewed,
            "docs/exports.md does not say what the commands print. Renew it: HINDCAST_RENEW_PAGES=1 swift test --filter ExportPageTests")
    }
}
