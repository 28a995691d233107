import Foundation
import TestSupport
import Testing

/// The worked example of `docs/replay.md` is what the commands print, but for numbers, times and digests.
@Suite(.database) struct ReplayPageTests {
    /// A command of the example, with what it prints below it.
    private struct Step {
        let command: [String]
        var output: [String] = []
    }

    private static func steps() throws -> [Step] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/replay.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let example = try #require(text.split(separator: "<!-- example:begin -->").last?.split(separator: "<!-- example:end -->").first)
        var steps: [Step] = []
        for line in example.split(separator: "\n") where !line.hasPrefix("```") {
            if line.hasPrefix("$ hindcast ") {
                steps.append(Step(command: line.dropFirst(11).split(separator: " ").map { $0.trimmingCharacters(in: ["\""]) }))
            } else if !steps.isEmpty {
                steps[steps.count - 1].output.append(shape(line))
            }
        }
        return steps
    }

    /// A line without what differs from run to run.
    private static func shape(_ line: some StringProtocol) -> String {
        let words = line.split(separator: " ").map { word -> String in
            if word.count == 64, word.allSatisfy(\.isHexDigit) { return "DIGEST" }
            return String(word)
        }
        return words.joined(separator: " ").replacing(/[0-9][0-9,]*/, with: "N")
    }

    @Test func `the example is what the commands print`() async throws {
        let steps = try Self.steps()
        #expect(steps.count >= 6)
        let fleet = MeterFleet(devices: 5000, messages: 2)
        try await fleet.prepare()
        let directory = try TemporaryDirectory()
        for (name, template) in [
            ("meter-2.json", MeterFleet.template("Temperature")), ("meter-wrong.json", MeterFleet.template("Temperature", "string")),
        ] {
            try template.write(toFile: "\(directory.path)/\(name)", atomically: true, encoding: .utf8)
        }
        var digest = ""
        for step in steps {
            let command = step.command.map { $0.count == 64 && $0.allSatisfy(\.isHexDigit) ? digest : $0 }
            let outcome = try await Program.run(command, environment: TestDatabase.environment, directory: directory.path)
            let printed = (outcome.output + outcome.errors).split(separator: "\n")
            #expect(printed.map { Self.shape($0) }.filter { !$0.isEmpty && !$0.contains("replay.run=") } == step.output, "hindcast \(command)")
            if let line = printed.first(where: { $0.hasPrefix("digest ") }) { digest = String(line.dropFirst(7)) }
        }
    }
}
