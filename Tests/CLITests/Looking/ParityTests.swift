import Foundation
import JSON
import TestSupport
import Testing

/// Every row of docs/compared-with-az-iot.md: its command runs, and says what the row says.
@Suite(.database) struct ParityTests {
    /// What a row's command has to leave: exit status, and a text in what it prints.
    private static let expected: [String: (status: Int32, text: String)] = [
        "`diagnostics monitor-events`": (0, #""device_id":"pump-3""#),
        "`diagnostics monitor-properties`": (0, #""property":"limit","value":80,"ack_code":200"#),
        "`diagnostics validate-messages`": (1, #""rule":"schema-mismatch""#),
        "`diagnostics validate-properties`": (0, "\"rule\": \"schema-mismatch\""),
        "`device registration-info`": (0, #""status":"blocked""#),
        "`diagnostics registration-summary`": (0, #""tenant":"plant""#),
        "error codes, on the troubleshooting page": (0, "401002"),
        "raw data view": (0, "pump-2"),
        "device groups": (0, #""device_id":"pump-2","health":"failing""#),
    ]

    /// The rows: what is there, and the command here as words.
    private static func rows() throws -> [(name: String, words: [String])] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../docs/compared-with-az-iot.md")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        return lines.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (cells[0], words(cells[1].trimmingCharacters(in: ["`"])))
        }
    }

    /// Words as a shell reads them, with double quotes alone.
    private static func words(_ text: String) -> [String] {
        var words: [String] = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == " ", !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }

    @Test func `every row's command runs and answers`() async throws {
        try await Fleet.fill(FleetCapture.fleet(at: Fleet.hourAgo))
        let rows = try Self.rows()
        #expect(Set(rows.map(\.name)) == Set(Self.expected.keys))
        #expect(rows.count == 9)
        for (name, words) in rows {
            let expected = try #require(Self.expected[name])
            #expect(words.first == "hindcast", "\(name)")
            let outcome = try await Fleet.run(Array(words.dropFirst()))
            #expect(outcome.status == expected.status, "\(name): \(outcome.errors)")
            #expect(outcome.output.contains(expected.text), "\(name): \(outcome.output)")
        }
    }
}
