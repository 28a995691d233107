import ArgumentParser
import Foundation
import Testing

@testable import hindcast

/// What the documentation has people type exists: the commands, and the options of each.
struct DocumentedCommandTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardized

    /// Every page, with the commands that it names within backquotes or on a line of their own.
    private static func pages() throws -> [(name: String, commands: [Substring])] {
        let files = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("docs").path)
        let names = ["README.md"] + files.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
        return try names.map { name in
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            let quoted = text.matches(of: /`hindcast ([^`\n]+)`/).map(\.output.1)
            let typed = text.matches(of: /(?m)^(?:\$ )?hindcast ([^\n]+)$/).map(\.output.1)
            return (name, quoted + typed)
        }
    }

    /// What is wrong with a command line; nil for nothing.
    private static func problem(_ line: Substring) -> String? {
        var commands: [any ParsableCommand.Type] = [HindcastCommand.self]
        var words = line.split(separator: " ", omittingEmptySubsequences: true)[...]
        while let word = words.first {
            // One of several, in a list of what there is.
            let names = word.replacing("\\", with: "").split(separator: "|")
            let below = commands.flatMap { $0.configuration.subcommands }
            let found = names.compactMap { name in below.first { $0.configuration.commandName == String(name) } }
            if found.isEmpty { break }
            if found.count != names.filter({ $0 != "…" }).count { return "not each of \(word) is a command" }
            commands = found
            words.removeFirst()
        }
        if commands.count == 1, commands[0] == HindcastCommand.self { return "\(words.first ?? "") is no command" }
        let help = commands.map { HindcastCommand.helpMessage(for: $0, includeHidden: true) }.joined()
        let known = Set(help.matches(of: /--[a-z][a-z-]*/).map(\.output))
        // What stands behind a # is said about the command.
        let options = words.joined(separator: " ").prefix { $0 != "#" }.matches(of: /--[a-z][a-z-]*/).map(\.output)
        let missing = options.filter { !known.contains($0) }
        return missing.isEmpty ? nil : "no option \(missing.joined(separator: ", "))"
    }

    @Test func `every command that the documentation names exists, with its options`() throws {
        let pages = try Self.pages()
        #expect(pages.reduce(0) { $0 + $1.commands.count } > 100)
        for page in pages {
            for command in page.commands where !command.hasPrefix("demo:") {
                let problem = Self.problem(command)
                #expect(problem == nil, "\(page.name): hindcast \(command)")
            }
        }
    }

    @Test(arguments: ["findings --rule json-invalid", "export bind EXPORT --to T", "replays list", "export gaps|holes"])
    func `what does not exist is found`(line: Substring) {
        #expect(Self.problem(line) != nil)
    }
}
